using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>
/// Latency is high. The cause is what takes the largest part of the time: the network, the replicas or their dependencies.
/// </summary>
internal sealed class HighLatency : IRule
{
    /// <summary>
    /// The part of the time in which the garbage collector may stop the process: above a tenth, one request in ten meets a pause.
    /// </summary>
    public const double MostPaused = 0.1;

    /// <summary>
    /// The part of the time from which the collector or a lack of threads counts as the cause. They make all other parts look slow as well,
    /// so they need less than the largest part.
    /// </summary>
    public const double StandstillPart = 0.3;

    /// <summary>The least part of the lookups that the cache must answer: below, most reads cost what they would without it.</summary>
    public const double LeastHitRatio = 0.5;

    /// <summary>The fewest cache lookups to judge it by.</summary>
    public const int LeastLookups = 20;

    /// <summary>The part of all requests that must have missed the cache for that to be the cause.</summary>
    public const double LeastMissedPart = 0.25;

    /// <summary>
    /// The fewest requests by the replicas' own count: with fewer, their metrics are not of the requests in the access log.
    /// </summary>
    public const int LeastRequests = 5;

    public IEnumerable<Finding> Judge(Observation now, IReadOnlyList<Finding> found)
    {
        if (found.Any(f => f.Id == FindingIds.SharedDependency) || SlowRequests.Find(now) is not { } slow)
        {
            yield break;
        }

        var known = slow.Replicas.Where(r => r.Server is not null).ToList();
        var time = LatencyBreakdown.Of(known, now.LatencyObjective);
        var causes = new LatencyCauses(now, slow, known, time);
        if (time.Requests >= LeastRequests && FindCause(causes, slow, known, time) is { } finding)
        {
            yield return finding;
        }
    }

    private static Finding? FindCause(
        LatencyCauses causes,
        SlowRequests slow,
        IReadOnlyList<ObservedReplica> replicas,
        LatencyBreakdown time
    )
    {
        if (replicas.Any(r => LatencyBreakdown.PausedPart(r.Server!) >= MostPaused) && time.Part(time.Gc) >= StandstillPart)
        {
            return causes.Gc();
        }

        if (time.Part(time.ThreadPool) >= StandstillPart)
        {
            return causes.ThreadPool();
        }

        var largest = new[] { time.Network, time.Queue, time.Database, time.Redis, time.Own }.Max();
        return largest switch
        {
            <= 0 => null,
            _ when largest == time.Database && IsWithoutCache(slow, replicas, time) => causes.CacheMisses(),
            _ when largest == time.Database => time.PoolWaits >= time.Sql ? causes.PoolWaits() : causes.SlowSql(),
            _ when largest == time.Network => causes.Network(),
            _ when largest == time.Queue => causes.Queueing(),
            _ when largest == time.Redis => causes.Redis(),
            _ => null,
        };
    }

    private static bool IsWithoutCache(SlowRequests slow, IReadOnlyList<ObservedReplica> replicas, LatencyBreakdown time)
    {
        var hits = replicas.Sum(r => r.Server!.CacheHits);
        var others = replicas.Sum(r => r.Server!.CacheMisses + r.Server.CacheUnavailable);
        return slow.Methods.Contains("GET")
            && hits + others >= LeastLookups
            && hits < LeastHitRatio * (hits + others)
            && others >= LeastMissedPart * time.Requests;
    }
}
