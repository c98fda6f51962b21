using System.Diagnostics;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Cost;

/// <summary>One measurement, with what came of each request.</summary>
/// <param name="Point">What was measured.</param>
/// <param name="Outcomes">The requests' outcomes.</param>
internal sealed record CostRun(CostPoint Point, IReadOnlyList<Outcome> Outcomes);

/// <summary>Has clients ask at known rates, and looks up what the system's processes spent meanwhile.</summary>
/// <param name="system">The system.</param>
/// <param name="meter">Looks at its processes.</param>
/// <param name="duration">How long each measurement takes.</param>
internal sealed class CostMeasurement(SystemUnderTest system, SystemMeter meter, TimeSpan duration)
{
    /// <summary>The kind of a measurement in which nobody asks.</summary>
    public const string Nothing = "nothing";

    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(1);

    /// <summary>Everything the system used at its largest so far.</summary>
    public SystemUse Largest => _largest ??= meter.Read();

    private SystemUse? _largest;

    /// <summary>Measures requests of one kind at one rate.</summary>
    public async Task<CostRun> MeasureAsync(string kind, int perSecond, CostWorkload workload, CancellationToken cancellationToken)
    {
        using var client = new OpenLoopClient(
            system.Gateway,
            Connections.KeepAlive,
            perSecond,
            _ => workload.Next(kind) ?? throw new InvalidOperationException($"No wallet is left for {kind}.")
        );
        return await MeasureAsync(kind, client.RunAsync, cancellationToken);
    }

    /// <summary>Measures requests of one kind, as many as the machine answers.</summary>
    public async Task<CostRun> MeasureBusyAsync(string kind, CostWorkload workload, CancellationToken cancellationToken)
    {
        using var client = new ClosedLoopClient(system.Gateway, () => workload.Next(kind));
        return await MeasureAsync(kind, client.RunAsync, cancellationToken);
    }

    /// <summary>Measures what runs when nobody asks.</summary>
    public async Task<CostPoint> MeasureIdleAsync(CancellationToken cancellationToken) =>
        (
            await MeasureAsync(
                Nothing,
                async stop =>
                {
                    await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    return [];
                },
                cancellationToken
            )
        ).Point;

    /// <summary>Measures something that counts what it did by itself.</summary>
    public async Task<CostPoint> MeasureAsync(string kind, Func<CancellationToken, Task<int>> act, CancellationToken cancellationToken)
    {
        var done = 0;
        var run = await MeasureAsync(
            kind,
            async stop =>
            {
                done = await act(stop);
                return [];
            },
            cancellationToken
        );
        return run.Point with { PerSecond = done / duration.TotalSeconds };
    }

    private async Task<CostRun> MeasureAsync(
        string kind,
        Func<CancellationToken, Task<IReadOnlyList<Outcome>>> act,
        CancellationToken cancellationToken
    )
    {
        await Task.Delay(s_settle, cancellationToken);
        using var stop = new CancellationTokenSource();
        var (before, busyBefore) = (meter.Read(), MachineUse.ReadBusySeconds());
        var clock = Stopwatch.StartNew();
        var acting = act(stop.Token);
        var connections = await WatchConnectionsAsync(clock, acting, cancellationToken);
        await stop.CancelAsync();
        var outcomes = await acting;
        var seconds = clock.Elapsed.TotalSeconds;
        var (after, busy) = (meter.Read(), MachineUse.ReadBusySeconds() - busyBefore);
        Remember(after);
        var cpu = after.Since(before);
        var point = new CostPoint(
            kind,
            outcomes.Count(o => !o.Failed) / seconds,
            outcomes.Count(o => o.Failed),
            CpuUse.Of(part => part(cpu) / seconds),
            1000 * busy / seconds,
            connections
        );
        return new(point, outcomes);
    }

    private async Task<ConnectionUse> WatchConnectionsAsync(Stopwatch clock, Task acting, CancellationToken cancellationToken)
    {
        var most = meter.ReadConnections();
        while (!acting.IsCompleted && clock.Elapsed < duration)
        {
            var left = duration - clock.Elapsed;
            await Task.WhenAny(acting, Task.Delay(left < s_settle ? left : s_settle, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            most = ConnectionUse.Max(most, meter.ReadConnections());
        }

        return most;
    }

    private void Remember(SystemUse use) =>
        _largest = new(
            Larger(Largest.Gateway, use.Gateway),
            [.. Largest.Replicas.Zip(use.Replicas, Larger)],
            Larger(Largest.Postgres, use.Postgres),
            Larger(Largest.Redis, use.Redis)
        );

    private static ProcessUse Larger(ProcessUse a, ProcessUse b) =>
        new(
            Math.Max(a.CpuSeconds, b.CpuSeconds),
            Math.Max(a.ResidentBytes, b.ResidentBytes),
            Math.Max(a.ProportionalBytes, b.ProportionalBytes),
            Math.Max(a.Processes, b.Processes)
        );
}
