using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Scraping;

namespace NeuroCred.Monitor.Diagnostics;

/// <summary>Makes an observation from all sources.</summary>
internal sealed class Observer(
    MonitorOptions options,
    ITrafficSource traffic,
    IReplicaHealthSource health,
    IServerMetricsSource servers,
    TimeProvider time
)
{
    /// <summary>The last seconds, by which it is judged whether a replica gets any traffic now.</summary>
    internal static readonly TimeSpan Recent = TimeSpan.FromSeconds(5);

    /// <summary>Makes one.</summary>
    /// <param name="usualFailoverRatio">The usual part of the requests of which an attempt is made again, 0 to 1.</param>
    public Observation Observe(double usualFailoverRatio)
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
            RecentRequests = recent.Gateway.Requests,
            UsualFailoverRatio = usualFailoverRatio,
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
