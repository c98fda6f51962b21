using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Scraping;

namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>
/// What the time of the requests of some replicas was spent on, in seconds, all requests together. What took less than a part of the
/// objective is left out: however often it happens, it makes no request slow.
/// </summary>
internal sealed record LatencyBreakdown
{
    /// <summary>The part of the objective above which something counts.</summary>
    public const double LeastPart = 0.1;

    /// <summary>Requests, by the replicas' own count.</summary>
    public required double Requests { get; init; }

    /// <summary>On the replicas and on the way to them.</summary>
    public required double Total { get; init; }

    /// <summary>On the replicas, by their own metrics.</summary>
    public required double Server { get; init; }

    /// <summary>Between the gateway and the replicas.</summary>
    public required double Network { get; init; }

    /// <summary>In the queue of the concurrency limiter.</summary>
    public required double Queue { get; init; }

    /// <summary>Waiting for a connection of the pool.</summary>
    public required double PoolWaits { get; init; }

    /// <summary>In Postgres.</summary>
    public required double Sql { get; init; }

    /// <summary>In Redis.</summary>
    public required double Redis { get; init; }

    /// <summary>Stopped by the garbage collector. It is part of all others.</summary>
    public required double Gc { get; init; }

    /// <summary>Waiting for a thread. It is part of all others.</summary>
    public required double ThreadPool { get; init; }

    /// <summary>Pool and Postgres together.</summary>
    public double Database => PoolWaits + Sql;

    /// <summary>The rest: the replicas' own work.</summary>
    public double Own => Math.Max(0, Server - Queue - Database - Redis);

    /// <summary>Of the whole.</summary>
    public double Part(double seconds) => Total > 0 ? seconds / Total : 0;

    /// <summary>Adds up the times of the gateway and of the replicas.</summary>
    /// <param name="replicas">Replicas whose metrics are known.</param>
    /// <param name="objective">What a request should take at most.</param>
    public static LatencyBreakdown Of(IReadOnlyList<ObservedReplica> replicas, TimeSpan objective)
    {
        var limit = objective * LeastPart;
        var servers = replicas.Select(r => r.Server!).ToList();
        var requests = servers.Sum(s => s.Requests.Count);
        var server = servers.Sum(s => s.Requests.SecondsBeyond(limit));
        var network = replicas.Where(IsMostlyOutside).Sum(r => Math.Max(0, GatewaySeconds(r) - r.Server!.Requests.Seconds));
        return new()
        {
            Requests = requests,
            Total = server + network,
            Server = server,
            Network = network,
            Queue = servers.Sum(s => s.QueueWaits.SecondsBeyond(limit)),
            PoolWaits = servers.Sum(s => s.PoolWaits.SecondsBeyond(limit)),
            Sql = servers.Sum(s => s.Sql.SecondsBeyond(limit)),
            Redis = servers.Sum(s => s.Redis.SecondsBeyond(limit)),
            Gc = replicas.Sum(r => GcSeconds(r.Server!, Math.Max(r.Server!.Requests.Seconds, GatewaySeconds(r)))),
            ThreadPool = servers.Where(s => ThreadWait(s) >= limit.TotalSeconds).Sum(ThreadPoolSeconds),
        };
    }

    /// <summary>The part of the time in which the garbage collector stopped the process.</summary>
    public static double PausedPart(ReplicaMetrics server) =>
        server.Length > TimeSpan.Zero ? server.GcPauseSeconds / server.Length.TotalSeconds : 0;

    /// <summary>
    /// How long work waited for a thread, in seconds: by Little's law the length of the queue divided by the items done in a second. A pool
    /// that is busy, and not short of threads, does thousands.
    /// </summary>
    public static double ThreadWait(ReplicaMetrics server) =>
        server.ThreadPoolQueue * server.Length.TotalSeconds / Math.Max(1, server.ThreadPoolItems);

    // All requests of a replica, as long as the gateway waited for them.
    private static double GatewaySeconds(ObservedReplica replica) => replica.Server!.Requests.Count * Mean(replica.Traffic.Response) / 1000;

    // By the median and by the slowest: a slow network delays all requests.
    private static bool IsMostlyOutside(ObservedReplica replica) =>
        replica.Traffic.Response is { } gateway
        && replica.Server!.Requests is var own
        && own.Quantile(0.5) < gateway.P50 / 2
        && own.Quantile(0.95) < gateway.P95 / 2;

    // A request that arrives in a pause waits for half of one; one that is under way is stopped for the part of the time that pauses take.
    private static double GcSeconds(ReplicaMetrics server, double total)
    {
        var part = PausedPart(server);
        return (server.Requests.Count * part * server.GcPauseSeconds / Math.Max(1, server.GcCollections) / 2) + (part * total);
    }

    // A request needs a thread when it arrives, and again after what it waits for.
    private static double ThreadPoolSeconds(ReplicaMetrics server) => server.Requests.Count * 2 * ThreadWait(server);

    // The access log's quantiles, joined by straight lines.
    private static double Mean(Latency? latency) =>
        latency is null
            ? 0
            : (0.5 * latency.P50 * 0.75)
                + (0.45 * (latency.P50 + latency.P95) / 2)
                + (0.04 * (latency.P95 + latency.P99) / 2)
                + (0.01 * (latency.P99 + latency.Max) / 2);
}
