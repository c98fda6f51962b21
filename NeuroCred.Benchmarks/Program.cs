using System.Runtime.InteropServices;
using NeuroCred.Benchmarks;
using NeuroCred.Benchmarks.CommandLine;
using NeuroCred.Benchmarks.Contestants;

if (args is [YarpGateway.Verb, .. var rest])
{
    await YarpGateway.RunAsync(rest);
    return 0;
}

if (args.Length == 0 || args.Contains("--help") || args.Contains("-h"))
{
    await (args.Length == 0 ? Console.Error : Console.Out).WriteLineAsync(Usage.Text);
    return args.Length == 0 ? 2 : 0;
}

// Both ways of asking for the end: the system that was started must end with this program.
using var ending = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);

try
{
    switch (args)
    {
        case ["failover", .. var given]:
            var failover = Options.ReadFailover(given, out var errors);
            return errors.Count > 0 ? await RefuseAsync(errors) : await new FailoverCommand(failover, Console.Out).RunAsync(ending.Token);
        case ["throughput", .. var given]:
            var throughput = Options.ReadThroughput(given, out errors);
            return errors.Count > 0 ? await RefuseAsync(errors) : await new ThroughputCommand(throughput, Console.Out).RunAsync(ending.Token);
        case ["linearizability", .. var given]:
            var linearizability = LinearizabilityOptions.Read(given, out errors);
            return errors.Count > 0 ? await RefuseAsync(errors) : await new LinearizabilityCommand(linearizability, Console.Out).RunAsync(ending.Token);
        case ["cost", .. var given]:
            var cost = CostOptions.Read(given, out errors);
            return errors.Count > 0 ? await RefuseAsync(errors) : await new CostCommand(cost, Console.Out).RunAsync(ending.Token);
        case ["simulate", .. var given]:
            var simulate = SimulateOptions.Read(given, out errors);
            return errors.Count > 0 ? await RefuseAsync(errors) : await new SimulateCommand(simulate, Console.Out).RunAsync();
        case ["capacity", .. var given]:
            var capacity = CapacityOptions.Read(given, out errors);
            return errors.Count > 0 ? await RefuseAsync(errors) : await new CapacityCommand(capacity, Console.Out).RunAsync();
        default:
            return await RefuseAsync([$"'{args[0]}' is no command. There are: failover, throughput, linearizability, cost, simulate, capacity."]);
    }
}
catch (Exception e) when (e is FileNotFoundException or TimeoutException or InvalidOperationException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
catch (OperationCanceledException) when (ending.IsCancellationRequested)
{
    return 130;
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ending.Cancel();
}

static async Task<int> RefuseAsync(IReadOnlyList<string> errors)
{
    foreach (var error in errors)
    {
        await Console.Error.WriteLineAsync(error);
    }

    return 2;
}
