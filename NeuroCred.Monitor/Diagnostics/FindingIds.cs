namespace NeuroCred.Monitor.Diagnostics;

/// <summary>The ids of all findings.</summary>
internal static class FindingIds
{
    public const string GatewayNoAnswer = "gateway/no-answer";
    public const string GatewayNoLog = "gateway/no-log";

    public const string NoTrafficNoneFound = "no-traffic/none-found";
    public const string NoTrafficPortTaken = "no-traffic/port-taken";
    public const string NoTrafficRefused = "no-traffic/refused";
    public const string NoTrafficNotReady = "no-traffic/not-ready";
    public const string NoTrafficFailingProbes = "no-traffic/failing-probes";
    public const string NoTrafficDrained = "no-traffic/drained";
    public const string NoTrafficNotInUpstream = "no-traffic/not-in-upstream";

    public const string UnevenSlowReplica = "uneven/slow-replica";
    public const string UnevenLongConnections = "uneven/long-connections";
    public const string UnevenAffinity = "uneven/affinity";
    public const string UnevenFailingReplica = "uneven/failing-replica";

    public const string LatencyPoolWaits = "latency/pool-waits";
    public const string LatencySlowSql = "latency/slow-sql";
    public const string LatencyCacheMisses = "latency/cache-misses";
    public const string LatencyRedisSlow = "latency/redis-slow";
    public const string LatencyNetwork = "latency/network";
    public const string LatencyQueueing = "latency/queueing";
    public const string LatencyGc = "latency/gc";
    public const string LatencyThreadPool = "latency/thread-pool";
    public const string LatencyReplica = "latency/replica";

    public const string HeldNoReplica = "held/no-replica";
    public const string RetriesRising = "retries/rising";
    public const string SharedDependency = "shared-dependency";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        GatewayNoAnswer,
        GatewayNoLog,
        SharedDependency,
        NoTrafficNoneFound,
        NoTrafficPortTaken,
        NoTrafficRefused,
        NoTrafficNotReady,
        NoTrafficFailingProbes,
        NoTrafficDrained,
        NoTrafficNotInUpstream,
        HeldNoReplica,
        UnevenSlowReplica,
        UnevenLongConnections,
        UnevenAffinity,
        UnevenFailingReplica,
        LatencyPoolWaits,
        LatencySlowSql,
        LatencyCacheMisses,
        LatencyRedisSlow,
        LatencyNetwork,
        LatencyQueueing,
        LatencyGc,
        LatencyThreadPool,
        LatencyReplica,
        RetriesRising,
    ];

    /// <summary>The order of findings of the same severity: what explains most comes first.</summary>
    public static int RankOf(string id) => All.TakeWhile(other => other != id).Count();

    /// <summary>
    /// The identity of a finding from one second to the next. Latency, retries and dependencies are of the system: which replicas are the
    /// worst may change, and it is still the same finding.
    /// </summary>
    public static string KeyOf(string id, IReadOnlyList<string> replicas) =>
        IsAboutOneReplica(id) ? $"{id} {string.Join(' ', replicas)}" : id;

    /// <summary>Whether each replica has a finding of its own.</summary>
    private static bool IsAboutOneReplica(string id) => IsNoTraffic(id) || (IsUneven(id) && id != UnevenAffinity);

    /// <summary>Whether it says that a replica gets no traffic.</summary>
    public static bool IsNoTraffic(string id) => id.StartsWith("no-traffic/", StringComparison.Ordinal);

    /// <summary>Whether it says that distribution is uneven.</summary>
    public static bool IsUneven(string id) => id.StartsWith("uneven/", StringComparison.Ordinal);

    /// <summary>Whether it says that latency is high.</summary>
    public static bool IsLatency(string id) => id.StartsWith("latency/", StringComparison.Ordinal);
}
