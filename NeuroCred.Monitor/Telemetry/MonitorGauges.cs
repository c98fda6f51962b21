using System.Diagnostics.Metrics;
using NeuroCred.Monitor.AccessLog;
using NeuroCred.Monitor.Gateway;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Snapshots;

namespace NeuroCred.Monitor.Telemetry;

/// <summary>The monitor's gauges, read at each scrape. A hosted service, so that it is created although nothing else needs it.</summary>
internal sealed class MonitorGauges : IHostedService, IDisposable
{
    private readonly Meter _meter;

    public MonitorGauges(IReplicaHealthSource health, GatewayStatus gateway, LogCounters log, SnapshotFeed feed, IMeterFactory meters)
    {
        _meter = meters.Create(MonitorTelemetry.Name);
        _meter.CreateObservableGauge(
            "neurocred.replica.up",
            () => health.Read().Select(r => Of(r, r.State.IsAlive)),
            description: "Whether the replica answers the liveness probe: 1 or 0."
        );
        _meter.CreateObservableGauge(
            "neurocred.replica.ready",
            () => health.Read().Select(r => Of(r, r.State.IsServing)),
            description: "Whether the replica can serve, by its readiness probe: 1 or 0."
        );
        _meter.CreateObservableGauge(
            "neurocred.gateway.connections",
            () => ReadConnections(gateway.Connections),
            "{connection}",
            "Client connections of the gateway, by stub_status."
        );
        _meter.CreateObservableGauge(
            "neurocred.findings",
            () => ReadFindings(feed.Latest?.Diagnosis),
            "{finding}",
            "What the diagnosis finds wrong now."
        );
        _meter.CreateObservableCounter(
            "neurocred.gateway.log.lines",
            () => ReadLines(log.Read()),
            "{line}",
            "Lines of the gateway's access log: read, not understood (unparsed), known to have been written and not read (lost)."
        );
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();

    private static Measurement<int> Of(ReplicaHealth replica, bool value) =>
        new(value ? 1 : 0, new KeyValuePair<string, object?>("replica", replica.Replica));

    private static IEnumerable<Measurement<long>> ReadConnections(GatewayConnections? connections) =>
        connections is null
            ? []
            :
            [
                Of(connections.Active, "state", "active"),
                Of(connections.Reading, "state", "reading"),
                Of(connections.Writing, "state", "writing"),
                Of(connections.Waiting, "state", "waiting"),
            ];

    private static IEnumerable<Measurement<long>> ReadLines(LogLines lines) =>
        [Of(lines.Read, "result", "read"), Of(lines.Unparsed, "result", "unparsed"), Of(lines.Lost, "result", "lost")];

    private static IEnumerable<Measurement<long>> ReadFindings(Diagnosis? diagnosis) =>
        diagnosis is null ? [] : diagnosis.Findings.GroupBy(f => f.Id).Select(g => Of(g.Count(), "finding", g.Key));

    private static Measurement<long> Of(long value, string label, string word) =>
        new(value, new KeyValuePair<string, object?>(label, word));
}
