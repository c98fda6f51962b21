using System.Runtime.InteropServices;
using NeuroCred.Benchmarks.CommandLine;
using NeuroCred.Benchmarks.Contestants;

if (args is [YarpGateway.Verb, .. var rest])
{
    await YarpGateway.RunAsync(rest);
    return 0;
}

var given = BenchmarkCommands.Root.Parse(args);
if (BenchmarkCommands.FindErrors(given) is not [] and var errors)
{
    await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, [.. errors, "See --help."]));
    return 2;
}

// Both ways of asking for the end: the system that was started must end with this program.
using var ending = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);

try
{
    // No limit on the time that ending takes, and errors as below.
    return await given.InvokeAsync(new() { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, ending.Token);
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
