using System.Collections.Concurrent;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Discovery;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Telemetry;
using NeuroCred.Monitor.Timeline;

namespace NeuroCred.Monitor.Probes;

/// <summary>Probes all replicas independently: one that hangs delays no other.</summary>
internal sealed class ReplicaProber(
    MonitorOptions options,
    WatchedReplicas replicas,
    EventTimeline timeline,
    MonitorTelemetry telemetry,
    TimeProvider time
) : BackgroundService, IReplicaHealthSource
{
    private readonly ConcurrentDictionary<string, ReplicaProbes> _probes = [];

    /// <inheritdoc/>
    public IReadOnlyList<ReplicaHealth> Read() =>
        [
            .. replicas.All.Select(r =>
                _probes.GetValueOrDefault(r.Name)?.Read()
                ?? new()
                {
                    Replica = r.Name,
                    State = ReplicaState.Unknown,
                    Since = time.GetUtcNow(),
                }
            ),
        ];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => replicas.FollowAsync(ProbeAsync, stoppingToken);

    private async Task ProbeAsync(MonitoredReplica replica, CancellationToken leftToken)
    {
        using var probes = new ReplicaProbes(replica, options, timeline, telemetry, time);
        _probes[replica.Name] = probes;
        try
        {
            await probes.RunAsync(leftToken);
        }
        finally
        {
            _probes.TryRemove(replica.Name, out _);
        }
    }
}
