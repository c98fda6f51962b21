using NeuroCred.Benchmarks.Linearizability;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>
/// Clients read and write the same wallets during a mixture of faults, and what they were told is checked against a model of a wallet. The
/// command <c>linearizability</c> of the benchmarks does it for longer.
/// </summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed class LinearizabilityTests(RunningSystem system, ITestOutputHelper output)
{
    private const int Clients = 8,
        Wallets = 4;
    private static readonly TimeSpan s_faults = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task What_clients_are_told_is_linearizable_whatever_is_killed_hung_and_restarted()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(s_faults + s_deadline);
        var seed = Random.Shared.Next();
        var faults = new FaultMixture(system.Application, seed);
        using var recording = new HistoryRecording(system.Gateway, seed, Clients, Wallets);

        await recording.RunAsync(faults, s_faults, HealAsync, timeout.Token);

        var history = recording.History;
        var file = Path.Combine(AppContext.BaseDirectory, "linearizability.jsonl");
        await HistoryFile.WriteAsync(file, history);
        output.WriteLine($"Seed {seed}; the history is in {file}.{Environment.NewLine}{faults.Describe()}");
        output.WriteLine(string.Join(Environment.NewLine, HistorySummary.Describe(history)));
        var wallets = WalletCheck.Run(history);
        output.WriteLine($"{wallets.Count} wallets.");
        Assert.Empty(wallets.Select(w => w.Problem).OfType<string>());

        // A history with little in it would prove little.
        Assert.True(history.Count(o => o.Outcome == OperationOutcome.Ok) > 500, "Hardly any operation was carried out.");
        var happened = faults.Made.Where(f => !f.Key.EndsWith(FaultMixture.InVain, StringComparison.Ordinal)).Sum(f => f.Value);
        Assert.True(happened >= 6, "Hardly anything happened.");
    }

    // The tests after this one want a system that is well too.
    private async Task HealAsync(CancellationToken cancellationToken)
    {
        foreach (var replica in RunningSystem.Replicas)
        {
            await Readiness.WaitAsync(system.AddressOf(replica), replica, cancellationToken);
            await system.WaitUntilServingAsync(replica, cancellationToken);
        }

        await system.WarmUpAsync(cancellationToken);
    }
}
