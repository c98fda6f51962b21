using NeuroCred.Monitor.AccessLog;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Discovery;
using NeuroCred.Monitor.Gateway;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Timeline;
using NeuroCred.Monitor.Traffic;

namespace NeuroCred.Monitor.Snapshots;

/// <summary>Builds a snapshot from all sources.</summary>
internal sealed class SnapshotBuilder(
    MonitorOptions options,
    WatchedReplicas replicas,
    TrafficRecorder traffic,
    IReplicaHealthSource health,
    GatewayStatus gateway,
    LogCounters log,
    EventTimeline timeline,
    IReplicaMetricsSource metrics,
    TimeProvider time
)
{
    /// <summary>Builds one.</summary>
    /// <param name="diagnosis">The diagnosis of the same second.</param>
    public SystemSnapshot Build(Diagnosis diagnosis)
    {
        var window = traffic.Read(options.Window);
        var states = health.Read().ToDictionary(h => h.Replica);
        var answers = window.Replicas.Sum(r => r.Answers);
        return new()
        {
            Time = time.GetUtcNow(),
            WindowSeconds = window.Length.TotalSeconds,
            Gateway = Describe(window),
            Replicas =
            [
                .. replicas
                    .ByNumber.Index()
                    .Where(r => r.Item is not null && states.ContainsKey(r.Item.Name))
                    .Select(r =>
                        Describe(
                            r.Item!,
                            states[r.Item!.Name],
                            window.Replicas[r.Index],
                            window.Length,
                            answers,
                            traffic.ReadHistory(r.Index)
                        )
                    ),
            ],
            Diagnosis = diagnosis,
            Events = timeline.Read(),
        };
    }

    private GatewaySnapshot Describe(TrafficWindow window) =>
        new()
        {
            Up = gateway.Connections is not null,
            Rate = window.Gateway.Requests / window.Length.TotalSeconds,
            ErrorRatio = Ratio(window.Gateway.Failed, window.Gateway.Requests),
            FailoverRate = window.Gateway.FailedOver / window.Length.TotalSeconds,
            Held = window.Gateway.Held,
            HeldFailed = window.Gateway.HeldFailed,
            Request = window.Gateway.Request,
            Connections = gateway.Connections,
            Log = log.Read(),
        };

    private ReplicaSnapshot Describe(
        MonitoredReplica replica,
        ReplicaHealth state,
        ReplicaTraffic traffic,
        TimeSpan window,
        long allAnswers,
        IReadOnlyList<HistoryPoint> history
    ) =>
        new()
        {
            Name = replica.Name,
            Url = replica.Url.GetLeftPart(UriPartial.Authority),
            Health = state,
            Traffic = traffic,
            Share = Ratio(traffic.Answers, allAnswers),
            Rate = traffic.Answers / window.TotalSeconds,
            ErrorRatio = Ratio(traffic.Failures.Total, traffic.Attempts),
            InFlight = metrics.ReadInFlight(replica.Name),
            History = history,
        };

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : part / (double)whole;
}
