using NeuroCred.Monitor.AccessLog;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Diagnostics;
using NeuroCred.Monitor.Discovery;
using NeuroCred.Monitor.Gateway;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Scraping;
using NeuroCred.Monitor.Timeline;
using NeuroCred.Monitor.Traffic;

namespace NeuroCred.Monitor.Snapshots;

/// <summary>Builds a snapshot from what was observed, and from what the rules do not judge by.</summary>
internal sealed class SnapshotBuilder(
    WatchedReplicas replicas,
    TrafficRecorder traffic,
    GatewayStatus gateway,
    LogCounters log,
    EventTimeline timeline,
    ReplicaMetricsStore metrics
)
{
    /// <summary>Builds one.</summary>
    /// <param name="now">What was observed.</param>
    /// <param name="diagnosis">Its diagnosis.</param>
    public SystemSnapshot Build(Observation now, Diagnosis diagnosis)
    {
        var observed = now.Replicas.ToDictionary(r => r.Name);
        var seconds = traffic.CompleteSeconds;
        return new()
        {
            Time = now.Time,
            Seconds = seconds,
            WindowSeconds = now.Window.TotalSeconds,
            Gateway = Describe(now),
            Replicas =
            [
                .. replicas
                    .ByNumber.Index()
                    .Where(r => r.Item is not null && observed.ContainsKey(r.Item.Name))
                    .Select(r => Describe(r.Item!, observed[r.Item!.Name], now, traffic.ReadHistory(r.Index, seconds))),
            ],
            Diagnosis = diagnosis,
            Events = timeline.Read(),
        };
    }

    private GatewaySnapshot Describe(Observation now)
    {
        var connections = gateway.Connections;
        return new()
        {
            Up = connections is not null,
            Rate = now.Gateway.Requests / now.Window.TotalSeconds,
            ErrorRatio = Ratio(now.Gateway.Failed, now.Gateway.Requests),
            FailoverRate = now.Gateway.FailedOver / now.Window.TotalSeconds,
            Held = now.Gateway.Held,
            HeldFailed = now.Gateway.HeldFailed,
            Request = now.Gateway.Request,
            Connections = connections,
            Log = log.Read(),
        };
    }

    private ReplicaSnapshot Describe(
        MonitoredReplica replica,
        ObservedReplica observed,
        Observation now,
        IReadOnlyList<HistoryPoint> history
    ) =>
        new()
        {
            Name = replica.Name,
            Url = replica.Url.GetLeftPart(UriPartial.Authority),
            Health = observed.Health,
            Traffic = observed.Traffic,
            Share = Ratio(observed.Traffic.Answers, now.Answers),
            Rate = observed.Traffic.Answers / now.Window.TotalSeconds,
            ErrorRatio = Ratio(observed.Traffic.Failures.Total, observed.Traffic.Attempts),
            InFlight = metrics.ReadInFlight(replica.Name),
            History = history,
        };

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : part / (double)whole;
}
