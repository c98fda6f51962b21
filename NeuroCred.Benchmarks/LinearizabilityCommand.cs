using System.Diagnostics;
using NeuroCred.Benchmarks.CommandLine;
using NeuroCred.Benchmarks.Linearizability;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks;

/// <summary>Records what clients are told during a mixture of faults, and checks whether that is linearizable.</summary>
internal sealed class LinearizabilityCommand(LinearizabilityOptions options)
{
    /// <summary>Records, unless a history was given, and checks.</summary>
    /// <returns>The exit code: 1 for a violation, and for what could not be decided.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var history =
            options.Check.Length > 0 ? await HistoryFile.ReadAsync(options.Check, cancellationToken) : await RecordAsync(cancellationToken);
        foreach (var line in HistorySummary.Describe(history))
        {
            Console.WriteLine(line);
        }

        var watch = Stopwatch.StartNew();
        var wallets = WalletCheck.Run(history);
        foreach (var wallet in wallets.Where(w => w.Problem is not null))
        {
            Console.WriteLine($"{Environment.NewLine}{wallet.Problem}");
        }

        int Count(Verdict verdict) => wallets.Count(w => w.Verdict == verdict);
        Console.WriteLine(
            $"{wallets.Count} wallets checked in {watch.Elapsed.TotalSeconds:0.0} s, each for itself: "
                + $"{Count(Verdict.Linearizable)} linearizable, {Count(Verdict.NotLinearizable)} not, {Count(Verdict.NotDecided)} "
                + "not decided. "
                + $"The longest search looked at {wallets.Select(w => w.Visited).DefaultIfEmpty().Max()} configurations."
        );
        return wallets.All(w => w.Verdict == Verdict.Linearizable) ? 0 : 1;
    }

    private async Task<IReadOnlyList<Operation>> RecordAsync(CancellationToken cancellationToken)
    {
        Console.WriteLine($"Starting the system. {options.Seconds} s of faults, --seed {options.Seed}.");
        await using var system = await SystemUnderTest.StartAsync(SystemSetup.Supervised, cancellationToken);
        using var recording = new HistoryRecording(system.Gateway, options.Seed, options.Clients, options.Wallets);
        var faults = new FaultMixture(system.Application, options.Seed);
        try
        {
            await recording.RunAsync(faults, TimeSpan.FromSeconds(options.Seconds), system.HealAsync, cancellationToken);
        }
        finally
        {
            var file = Path.Combine(options.Out, "linearizability.jsonl");
            await HistoryFile.WriteAsync(file, recording.History);
            Console.WriteLine($"Faults: {faults.Describe()}.{Environment.NewLine}Written: {file}");
        }

        return recording.History;
    }
}
