using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Telemetry;
using NeuroCred.Monitor.Timeline;

namespace NeuroCred.Monitor.Probes;

/// <summary>Probes all replicas independently: one that hangs delays no other.</summary>
internal sealed class ReplicaProber(MonitorOptions options, EventTimeline timeline, MonitorTelemetry telemetry, TimeProvider time)
    : BackgroundService,
        IReplicaHealthSource
{
    private readonly ReplicaProbes[] _replicas =
    [
        .. options.Replicas.Select(r => new ReplicaProbes(r, options, timeline, telemetry, time)),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<ReplicaHealth> Read() => [.. _replicas.Select(r => r.Read())];

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var replica in _replicas)
        {
            replica.Dispose();
        }

        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(_replicas.Select(r => r.RunAsync(stoppingToken)));
}
