using NeuroCred.Monitor.AccessLog;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Gateway;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Scraping;
using NeuroCred.Monitor.Traffic;

namespace NeuroCred.Monitor.Diagnostics;

/// <summary>Makes an observation from all sources.</summary>
internal sealed class Observer(
    MonitorOptions options,
    TrafficRecorder traffic,
    GatewayStatus gateway,
    LogCounters log,
    IReplicaHealthSource health,
    ReplicaMetricsStore servers,
    TimeProvider time
)
{
    /// <summary>The last seconds, by which it is judged whether a replica gets any traffic now.</summary>
    public static readonly TimeSpan Recent = TimeSpan.FromSeconds(5);

    /// <summary>Makes one.</summary>
    public Observation Observe()
    {
        var window = traffic.Read(options.Window);
        var recent = options.Window <= Recent ? window : traffic.Read(Recent);
        return new()
        {
            Time = time.GetUtcNow(),
            Policy = options.Policy,
            LatencyObjective = options.LatencyObjective,
            Window = options.Window,
            Gateway = window.Gateway,
            GatewaySilence = gateway.Silence,
            LogProblem = log.Problem,
            RecentRequests = recent.Gateway.Requests,
            Answers = window.Replicas.Sum(r => r.Answers),
            Replicas =
            [
                .. health
                    .Read()
                    .Select(h => new ObservedReplica
                    {
                        Health = h,
                        Traffic = Of(window, h.Replica),
                        Recent = Of(recent, h.Replica),
                        Server = servers.Read(h.Replica, options.Window),
                    }),
            ],
        };
    }

    private static ReplicaTraffic Of(TrafficWindow window, string replica) => window.Replicas.First(r => r.Replica == replica);
}
