using System.Diagnostics.Metrics;
using NeuroCred.Monitor.AccessLog;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Probes;

namespace NeuroCred.Monitor.Telemetry;

/// <summary>
/// The monitor's counters and histograms. Labels are bounded: replicas by the configuration (any other address is <c>other</c>), the rest
/// by fixed words. Durations are seconds.
/// </summary>
/// <remarks><see cref="MonitorGauges"/> has the gauges. docs/monitor.md lists all metrics.</remarks>
internal sealed class MonitorTelemetry : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "NeuroCred.Monitor";

    /// <summary>The label <c>probe</c> of <c>/health</c>.</summary>
    public const string Liveness = "liveness";

    /// <summary>The label <c>probe</c> of <c>/health/ready</c>.</summary>
    public const string Readiness = "readiness";

    // nginx's own status, if the client closed the connection first.
    private const int ClientClosedRequest = 499;

    private readonly IReadOnlyList<string> _replicas;
    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _answers;
    private readonly Counter<long> _failovers;
    private readonly Counter<long> _noLiveUpstream;
    private readonly Counter<long> _held;
    private readonly Counter<long> _probes;
    private readonly Histogram<double> _requestDuration;
    private readonly Histogram<double> _attemptDuration;
    private readonly Histogram<double> _probeDuration;

    public MonitorTelemetry(MonitorOptions options, IMeterFactory meters)
    {
        _replicas = options.ReplicaNames;
        _meter = meters.Create(Name);
        _requests = _meter.CreateCounter<long>(
            "neurocred.gateway.requests",
            "{request}",
            "Requests that the gateway answered, by the class of the status."
        );
        _attempts = _meter.CreateCounter<long>(
            "neurocred.gateway.attempts",
            "{attempt}",
            "Attempts to have a replica answer, by their result."
        );
        _answers = _meter.CreateCounter<long>("neurocred.gateway.answers", "{request}", "Requests whose answer came from the replica.");
        _failovers = _meter.CreateCounter<long>(
            "neurocred.gateway.failovers",
            "{attempt}",
            "Attempts that failed and after which another replica was asked."
        );
        _noLiveUpstream = _meter.CreateCounter<long>(
            "neurocred.gateway.no_live_upstream",
            "{request}",
            "Requests for which there was no replica to ask."
        );
        _held = _meter.CreateCounter<long>(
            "neurocred.gateway.held",
            "{request}",
            "Requests that the gateway held because no replica could serve them, by their result."
        );
        _probes = _meter.CreateCounter<long>("neurocred.probes", "{probe}", "The monitor's probes, by their result.");
        _requestDuration = CreateHistogram(
            "neurocred.gateway.request.duration",
            "How long requests took at the gateway, as clients saw it. Not WebSockets and server-sent events."
        );
        _attemptDuration = CreateHistogram(
            "neurocred.gateway.attempt.duration",
            "How long attempts took, per replica: until connected, until the first byte of the answer (header), until the last (response). "
                + "Not WebSockets and server-sent events."
        );
        _probeDuration = CreateHistogram("neurocred.probe.duration", "How long replicas took to answer the monitor's probes.");
    }

    /// <summary>Counts a request and its attempts.</summary>
    public void Record(AccessLogEntry entry)
    {
        _requests.Add(1, new KeyValuePair<string, object?>("status_class", $"{entry.Status / 100}xx"));
        if (entry.HasNoLiveUpstream)
        {
            _noLiveUpstream.Add(1);
        }

        if (entry.Held > 0)
        {
            var result = entry.Status switch
            {
                ClientClosedRequest => "abandoned",
                >= 500 => "failed",
                _ => "served",
            };
            _held.Add(1, new KeyValuePair<string, object?>("result", result));
        }

        if (!entry.IsStream)
        {
            _requestDuration.Record(entry.Milliseconds / 1000.0);
        }

        foreach (var (i, attempt) in entry.Attempts.Index())
        {
            Record(attempt, i == entry.Attempts.Count - 1, entry.IsStream);
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
        var replica = new KeyValuePair<string, object?>("replica", attempt.Replica >= 0 ? _replicas[attempt.Replica] : "other");
        _attempts.Add(1, replica, new("outcome", WordOf(attempt.Outcome)));
        if (isLast && attempt.Header >= 0)
        {
            _answers.Add(1, replica);
        }

        if (!isLast && attempt.Failed)
        {
            _failovers.Add(1, replica);
        }

        if (!(isLast && isStream))
        {
            RecordPhase(attempt.Connect, "connect", replica);
            RecordPhase(attempt.Header, "header", replica);

            // Without a header nginx logs how long it waited in vain.
            RecordPhase(attempt.Header >= 0 ? attempt.Response : -1, "response", replica);
        }
    }

    private void RecordPhase(int milliseconds, string phase, KeyValuePair<string, object?> replica)
    {
        if (milliseconds >= 0)
        {
            _attemptDuration.Record(milliseconds / 1000.0, replica, new("phase", phase));
        }
    }

    private static string WordOf(AttemptOutcome outcome) =>
        outcome switch
        {
            AttemptOutcome.Ok => "ok",
            AttemptOutcome.Refused => "refused",
            AttemptOutcome.Timeout => "timeout",
            AttemptOutcome.Reset => "reset",
            AttemptOutcome.ServerError => "server_error",
            _ => "abandoned",
        };

    private Histogram<double> CreateHistogram(string name, string description) => _meter.CreateHistogram<double>(name, "s", description);
}
