using NeuroCred.Monitor.AccessLog;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Gateway;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Timeline;
using NeuroCred.Monitor.Traffic;

namespace NeuroCred.Monitor.Snapshots;

/// <summary>Builds a snapshot from all sources.</summary>
internal sealed class SnapshotBuilder(
    MonitorOptions options,
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
        var states = health.Read();
        var history = traffic.ReadHistory();
        var answers = window.Replicas.Sum(r => r.Answers);
        var replicas = options.Replicas.Select(
            (replica, i) => Describe(replica, states[i], window.Replicas[i], window.Length, answers, history[i])
        );
        return new()
        {
            Time = time.GetUtcNow(),
            WindowSeconds = window.Length.TotalSeconds,
            Gateway = Describe(window),
            Replicas = [.. replicas],
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
