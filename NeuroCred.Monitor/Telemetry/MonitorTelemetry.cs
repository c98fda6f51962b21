using System.Diagnostics;
using System.Diagnostics.Metrics;
using NeuroCred.Monitor.AccessLog;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Probes;

namespace NeuroCred.Monitor.Telemetry;

/// <summary>
/// The monitor's metrics of what happens, as it happens. Labels are bounded: replicas by the configuration (any other address is <c>other</c>), the rest by
/// fixed words. Durations are seconds.
/// </summary>
/// <remarks><see cref="MonitorGauges"/> has those of what is now. docs/monitor.md lists all of them.</remarks>
internal sealed class MonitorTelemetry : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "NeuroCred.Monitor";

    /// <summary>The label <c>probe</c> of <c>/health</c>.</summary>
    public const string Liveness = "liveness";

    /// <summary>The label <c>probe</c> of <c>/health/ready</c>.</summary>
    public const string Readiness = "readiness";

    // nginx's own, where the client went away first.
    private const int ClientClosedRequest = 499;

    private readonly Meter _meter;
    private readonly Histogram<double> _requestDuration;
    private readonly Histogram<double> _attemptDuration;
    private readonly Histogram<double> _probeDuration;
    private readonly Counter<long> _probes;

    // Counted by one thread, and looked up whenever somebody asks: at 25,000 lines a second, telling a counter of each would cost more than all else.
    private readonly ReplicaTotals[] _replicas;
    private readonly long[] _requests = new long[10];
    private long _noLiveUpstream;
    private long _heldServed;
    private long _heldFailed;
    private long _heldAbandoned;

    public MonitorTelemetry(MonitorOptions options, IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _requestDuration = CreateHistogram("neurocred.gateway.request.duration", "How long requests took at the gateway, as clients saw it. Not WebSockets and server-sent events.");
        _attemptDuration = CreateHistogram("neurocred.gateway.attempt.duration", "How long attempts took, per replica: until connected, until the first byte of the answer (header), until the last (response). Not WebSockets and server-sent events.");
        _probeDuration = CreateHistogram("neurocred.probe.duration", "How long replicas took to answer the monitor's probes.");
        _probes = _meter.CreateCounter<long>("neurocred.probes", "{probe}", "The monitor's probes, by what came of them.");
        _replicas = [.. options.Replicas.Select(r => new ReplicaTotals(r.Name)), new ReplicaTotals("other")];
        Observe("neurocred.gateway.requests", "{request}", "Requests that the gateway answered, by the class of the status.", () => _requests.Index().Where(c => c.Item > 0).Select(c => new Measurement<long>(c.Item, new KeyValuePair<string, object?>("status_class", $"{c.Index}xx"))));
        Observe("neurocred.gateway.attempts", "{attempt}", "Attempts to have a replica answer, by what came of them.", () => _replicas.SelectMany(r => r.ReadAttempts()));
        Observe("neurocred.gateway.answers", "{request}", "Requests whose answer came from the replica.", () => _replicas.Select(r => r.Of(r.Answers)));
        Observe("neurocred.gateway.failovers", "{attempt}", "Attempts that failed and after which another replica was asked.", () => _replicas.Select(r => r.Of(r.Failovers)));
        Observe("neurocred.gateway.no_live_upstream", "{request}", "Requests for which there was no replica to ask.", () => [new(_noLiveUpstream)]);
        Observe("neurocred.gateway.held", "{request}", "Requests that the gateway held because no replica could serve them, by what came of them.", () => [Held("served", _heldServed), Held("failed", _heldFailed), Held("abandoned", _heldAbandoned)]);
    }

    /// <summary>Counts a line of the access log.</summary>
    public void Record(AccessLogEntry entry)
    {
        _requests[Math.Clamp(entry.Status / 100, 0, 9)]++;
        _noLiveUpstream += entry.HasNoLiveUpstream ? 1 : 0;
        if (entry.Held > 0)
        {
            ref var held = ref entry.Status == ClientClosedRequest ? ref _heldAbandoned : ref entry.Status >= 500 ? ref _heldFailed : ref _heldServed;
            held++;
        }

        if (!entry.IsStream)
        {
            _requestDuration.Record(entry.Milliseconds / 1000.0);
        }

        for (var i = 0; i < entry.Attempts.Count; i++)
        {
            Record(entry.Attempts[i], i == entry.Attempts.Count - 1, entry.IsStream);
        }
    }

    /// <summary>Counts a probe.</summary>
    public void RecordProbe(string replica, string probe, ProbeResult result)
    {
        if (result.Outcome == ProbeOutcome.Void)
        {
            return;
        }

        var succeeded = result.Outcome == ProbeOutcome.Ok;
        _probes.Add(1, new("replica", replica), new("probe", probe), new("result", succeeded ? "success" : "failure"));
        if (result.Outcome is ProbeOutcome.Ok or ProbeOutcome.Unhealthy)
        {
            _probeDuration.Record(result.Latency.TotalSeconds, new("replica", replica), new("probe", probe));
        }
    }

    public void Dispose() => _meter.Dispose();

    private void Record(UpstreamAttempt attempt, bool isLast, bool isStream)
    {
        var replica = attempt.Replica >= 0 ? _replicas[attempt.Replica] : _replicas[^1];
        replica.Add(attempt, isLast);
        if (!(isStream && isLast))
        {
            RecordPhase(attempt.Connect, replica.Connect);
            RecordPhase(attempt.Header, replica.Header);
            RecordPhase(attempt.Header >= 0 ? attempt.Response : -1, replica.Response);
        }
    }

    private static Measurement<long> Held(string result, long value) => new(value, new KeyValuePair<string, object?>("result", result));

    private void RecordPhase(int milliseconds, in TagList labels)
    {
        if (milliseconds >= 0)
        {
            _attemptDuration.Record(milliseconds / 1000.0, labels);
        }
    }

    private Histogram<double> CreateHistogram(string name, string description) => _meter.CreateHistogram<double>(name, "s", description);

    private void Observe(string name, string unit, string description, Func<IEnumerable<Measurement<long>>> read) => _meter.CreateObservableCounter(name, read, unit, description);
}
