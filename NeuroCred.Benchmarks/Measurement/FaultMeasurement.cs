using System.Diagnostics;
using NeuroCred.Benchmarks.Contestants;
using NeuroCred.Benchmarks.Faults;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Measurement;

/// <summary>Has clients call through a gateway while a fault happens, and looks up their writes afterwards.</summary>
internal sealed class FaultMeasurement(SystemUnderTest system, int rate)
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan s_before = TimeSpan.FromSeconds(1);

    /// <summary>Measures one fault behind one contestant. Each repetition finds healthy replicas and a fresh gateway.</summary>
    public async Task<Measured> MeasureAsync(Fault fault, Contestant contestant, CancellationToken cancellationToken)
    {
        Uri[] replicas = [.. SystemUnderTest.Replicas.Select(system.AddressOf)];
        var outcomes = new List<Outcome>();
        WriteAudit? audit = null;
        long? struck = null;
        TimeSpan? healthyMedian = null;
        for (var i = 0; i < fault.Repetitions; i++)
        {
            await system.HealAsync(cancellationToken);
            await using var run = fault.Occur(system, i);
            await run.PrepareAsync(cancellationToken);
            await using var peer = contestant.OpenAsync is { } openAsync ? await openAsync(replicas, cancellationToken) : null;
            run.Gateway = peer?.Address ?? system.Gateway;
            var (seen, ended) = await CallAsync(run, fault.Window, run.Gateway, cancellationToken);
            outcomes.AddRange([.. seen, .. await run.FinishAsync()]);
            struck = ended;
            healthyMedian = run.HealthyMedian;
            audit = run.Ledger is { } ledger ? await WriteAudit.ReadAsync(ledger, outcomes) : null;
        }

        // Postgres is to be asked when it is back.
        await system.HealAsync(cancellationToken);
        audit ??= await WriteAudit.ReadAsync(await system.GetConnectionStringAsync(cancellationToken), outcomes);
        return Summary.Of(fault.Id, contestant.Id, outcomes, audit, fault.ShowsReturn ? struck : null) with
        {
            HealthyMedian = healthyMedian?.TotalMilliseconds,
        };
    }

    // What clients saw, and when the fault had struck.
    private async Task<(IReadOnlyList<Outcome> Seen, long Struck)> CallAsync(
        FaultRun run,
        TimeSpan window,
        Uri gateway,
        CancellationToken cancellationToken
    )
    {
        var struck = 0L;
        await CallAsync("warm-up", gateway, _ => Task.Delay(s_warmUp, cancellationToken), cancellationToken);
        var seen = await CallAsync(
            "fault",
            gateway,
            async token =>
            {
                await Task.Delay(s_before, token);
                await run.StrikeAsync(token);
                struck = Stopwatch.GetTimestamp();
                await Task.Delay(window, token);
            },
            cancellationToken
        );
        return (seen, struck);
    }

    private async Task<IReadOnlyList<Outcome>> CallAsync(
        string name,
        Uri gateway,
        Func<CancellationToken, Task> meanwhile,
        CancellationToken cancellationToken
    )
    {
        var seed = $"{name} {Guid.NewGuid():N}";

        // Not through the gateway, which may not know all its replicas yet; not from the replica that a fault may have replaced.
        var wallet = await Workload.CreateScoredWalletAsync(system.AddressOf(SystemUnderTest.Replicas[0]), seed, cancellationToken);
        using var client = new OpenLoopClient(gateway, Connections.KeepAlive, rate, new Workload(seed, wallet).Next);
        return await client.RunWhileAsync(() => meanwhile(cancellationToken));
    }
}
