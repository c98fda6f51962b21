using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Scraping;
using static NeuroCred.Monitor.Diagnostics.FindingText;

namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>The texts of high latency, a method per cause.</summary>
internal sealed class LatencyCauses(Observation now, SlowRequests slow, IReadOnlyList<ObservedReplica> replicas, LatencyBreakdown time)
{
    private IEnumerable<ReplicaMetrics> Servers => replicas.Select(r => r.Server!);

    public Finding PoolWaits() =>
        Tell(
            FindingIds.LatencyPoolWaits,
            "requests wait for a database connection",
            "All connections of the pool are in use: there are more requests at once than connections, or statements hold connections for "
                + "long.",
            [
                Share(time.PoolWaits, "waiting for a connection"),
                Share(time.Sql, "in Postgres"),
                .. Servers.Max(s => s.PoolSize) is > 0 and var size
                    ? [$"A replica has {Count(size, "connection")} at most."]
                    : (string[])[],
            ],
            [
                "Look for statements that run for long or wait for locks: pg_stat_activity, wait_event_type = 'Lock'.",
                "If there are none: with the AppHost, add a replica (Api:Replicas). Elsewhere raise Postgres:PoolSize; max_connections "
                    + "must be at least (replicas + 1) × (PoolSize + 2) + 20.",
            ]
        );

    public Finding SlowSql() =>
        Tell(
            FindingIds.LatencySlowSql,
            "statements in Postgres take long",
            "Postgres takes the time: statements wait for a lock or read too much, or its disk or processor is busy.",
            [
                Share(time.Sql, "in Postgres"),
                $"A statement takes {Time(Mean(s => s.Sql))} on average.",
                Share(time.PoolWaits, "waiting for a connection"),
            ],
            [
                "Look at pg_stat_activity: which statements run for long, and which wait for a lock that another one holds?",
                "Look at pg_stat_statements for the statements that take the most time, and at the plan of the first.",
                "Look at processor and disk of the database's machine.",
            ]
        );

    public Finding CacheMisses()
    {
        var (hits, misses, unavailable) = (
            Servers.Sum(s => s.CacheHits),
            Servers.Sum(s => s.CacheMisses),
            Servers.Sum(s => s.CacheUnavailable)
        );
        var lookups = hits + misses + unavailable;
        string[] evidence =
        [
            $"Of {Count(lookups, "cache lookup")}, {Percent(hits / Math.Max(1, lookups))} found the score; for {misses:0} it was missing, "
                + $"and {unavailable:0} got no answer from Redis.",
            Share(time.Database, "in Postgres and waiting for it"),
            Share(time.Redis, "in Redis"),
        ];
        return unavailable > misses
            ? Tell(
                FindingIds.LatencyCacheMisses,
                "Redis does not answer, so reads go to Postgres",
                "The replicas get no answer from Redis: it is down, unreachable or too slow. They read scores from Postgres instead, "
                    + "which takes longer.",
                evidence,
                [
                    "Look whether Redis runs, and whether it answers from a replica's machine: redis-cli PING.",
                    "When it answers, nothing else has to be done: the replicas use it again, and the first read of each wallet fills "
                        + "the cache.",
                ]
            )
            : Tell(
                FindingIds.LatencyCacheMisses,
                "most scores are missing in Redis, so reads go to Postgres",
                "Redis answers, but most scores are not in it: it was emptied or restarted, it evicts them for lack of memory, or "
                    + "clients keep reading other wallets.",
                evidence,
                [
                    "Look at INFO server (uptime_in_seconds): after a restart or a flush nothing has to be done, since the first read of "
                        + "each wallet fills the cache.",
                    "Look at INFO stats (evicted_keys): if it grows, give Redis more memory (maxmemory).",
                    "If neither is the case, clients read many different wallets: let Postgres serve more reads, or add replicas.",
                ]
            );
    }

    public Finding Redis() =>
        Tell(
            FindingIds.LatencyRedisSlow,
            "Redis answers slowly",
            "Requests wait for Redis: a slow command blocks it, it saves to disk or swaps, or the network to it is slow.",
            [
                Share(time.Redis, "in Redis"),
                $"A command takes {Time(Mean(s => s.Redis))} on average.",
                Share(time.Database, "in Postgres and waiting for it"),
            ],
            [
                "Look at SLOWLOG GET and LATENCY LATEST in Redis.",
                "Look whether its machine swaps, and whether the one processor that it uses is busy.",
                "If it cannot be repaired soon, and Postgres can take all reads, stop it: requests work without it, and each replica "
                    + "counts rate limits alone.",
            ]
        );

    public Finding Network() =>
        Tell(
            FindingIds.LatencyNetwork,
            "the network between gateway and replica is slow",
            "The gateway waits much longer than the replica reports to work: the network between them loses or delays packets, or the "
                + "replica accepts connections late.",
            [
                Share(time.Network, "between gateway and replica"),
                .. replicas.Select(r =>
                    $"{r.Name}: for half of the answers the gateway waits {Time(r.Traffic.Response?.P50 ?? 0)} or longer, the "
                    + "replica reports "
                    + $"{Time(r.Server!.Requests.Quantile(0.5) ?? 0)}."
                ),
                .. replicas
                    .Where(r => r.Traffic.Connect is { P95: >= 1 })
                    .Select(r => $"{r.Name}: connecting takes up to {Time(r.Traffic.Connect!.P95)}."),
            ],
            [
                "Measure the network: ping and mtr from the gateway's machine to the replica's.",
                "Look for lost packets (ss -ti, retrans), and for a proxy, a firewall or a VPN between them.",
                "Look whether the replica's machine is out of processor, so that it accepts late.",
            ]
        );

    public Finding Queueing() =>
        Tell(
            FindingIds.LatencyQueueing,
            "requests queue in the replicas",
            "More requests arrive at once than a replica works on at once, so some wait in its queue.",
            [Share(time.Queue, "in the queue"), $"{Count(Servers.Sum(s => s.QueuedRequests), "request")} wait now."],
            ["Add replicas.", "If processor and database have room, let each replica work on more at once (Api:MaxConcurrentRequests)."]
        );

    public Finding Gc() =>
        Tell(
            FindingIds.LatencyGc,
            "the garbage collector stops the replicas",
            "The process stops while the garbage collector works: it has too little memory, or allocates too much.",
            replicas.Select(r =>
                $"{r.Name} was stopped for {Percent(LatencyBreakdown.PausedPart(r.Server!))} of {Time(r.Server!.Length)}, by "
                + $"{Count(r.Server.GcCollections, "collection")} of "
                + $"{Time(r.Server.GcPauseSeconds * 1000 / Math.Max(1, r.Server.GcCollections))} each."
            ),
            [
                "Compare its memory with its limit: a heap near its limit is collected over and over.",
                "Look for what grows: with the AppHost by dotnet-counters and dotnet-gcdump; in the images, which they cannot read, by "
                    + "dotnet_gc_* of /metrics. Restart the replica if it cannot wait.",
            ]
        );

    public Finding ThreadPool() =>
        Tell(
            FindingIds.LatencyThreadPool,
            "the replicas are out of threads",
            "Work waits for a thread of the pool: threads are blocked by synchronous waits, or there are too few processors for the work.",
            replicas.Select(r =>
                $"{r.Name}: {Count(r.Server!.ThreadPoolQueue, "work item")} wait on average, "
                + $"{r.Server.ThreadPoolItems / Math.Max(0.001, r.Server.Length.TotalSeconds):0} are done a second by "
                + $"{Count(r.Server.ThreadPoolThreads, "thread")}: each waits {Time(LatencyBreakdown.ThreadWait(r.Server) * 1000)}, "
                + "about twice per request."
            ),
            [
                "Look for blocking calls such as .Result, .Wait() and Thread.Sleep: with the AppHost by dotnet-stack report, in the "
                    + "images by the traces of slow requests.",
                "If they work instead of waiting, the processor is busy: add replicas, or processors.",
            ]
        );

    private Finding Tell(string id, string title, string cause, IEnumerable<string> evidence, IReadOnlyList<string> actions) =>
        new(id, FindingSeverity.Warning, slow.Names, slow.Title(now, title), cause, [.. slow.Describe(now), .. evidence], actions);

    // What a replica does outside of requests counts as well: never more than the whole.
    private string Share(double seconds, string where)
    {
        var spent = Math.Min(seconds, time.Total);
        return $"{Percent(time.Part(spent))} of a request's time is spent {where}: {Time(spent * 1000 / time.Requests)} of "
            + $"{Time(time.Total * 1000 / time.Requests)} on average.";
    }

    private double Mean(Func<ReplicaMetrics, DurationHistogram> of) =>
        Servers.Select(of).Aggregate((all, next) => all.Plus(next)).MeanMilliseconds;
}
