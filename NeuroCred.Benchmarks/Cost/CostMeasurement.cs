using System.Diagnostics;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Cost;

/// <summary>One measurement, with what came of each request.</summary>
internal sealed record CostRun(CostPoint Point, IReadOnlyList<Outcome> Outcomes);

/// <summary>Has clients ask at known rates, and looks up what the system's processes spent meanwhile.</summary>
internal sealed class CostMeasurement(SystemUnderTest system, SystemMeter meter, TimeSpan duration)
{
    private const int BusyClients = 16;

    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(1);

    private readonly List<SystemUse> _uses = [];

    /// <summary>What the system used at the end of each measurement.</summary>
    public IReadOnlyList<SystemUse> Uses => _uses;

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
        using var client = new ClosedLoopClient(system.Gateway, BusyClients, () => workload.Next(kind));
        return await MeasureAsync(kind, client.RunAsync, cancellationToken);
    }

    /// <summary>Measures what runs when nobody asks.</summary>
    public Task<CostPoint> MeasureIdleAsync(CancellationToken cancellationToken) =>
        MeasureAsync(
            "nothing",
            async stop =>
            {
                await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return 0;
            },
            cancellationToken
        );

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
        _uses.Add(after);
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
}
