using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>High latency in an operator's words, one method per cause.</summary>
internal sealed class LatencyCauses(Observation now, SlowRequests slow, IReadOnlyList<ObservedReplica> replicas, LatencyBreakdown time)
{
    private IEnumerable<Scraping.ServerNumbers> Servers => replicas.Select(r => r.Server!);

    public Candidate PoolWaits() => Tell(
        FindingIds.LatencyPoolWaits,
        "requests wait for a database connection",
        "Every connection of the pool is taken: there are more requests at once than connections, or something keeps connections for long.",
        [
            Share(time.PoolWaits, "waiting for a connection"),
            Share(time.Sql, "in Postgres"),
            Servers.Max(s => s.PoolSize) is > 0 and var size ? $"A replica has {Words.Count(size, "connection")} at most." : "",
        ],
        [
            "Look for statements that hold connections for long or wait for locks: pg_stat_activity, wait_event_type = 'Lock'.",
            "If there are none, give the replicas more connections (Postgres:PoolSize), as long as replicas × pool stays below max_connections; else add a replica.",
        ]);

    public Candidate SlowSql() => Tell(
        FindingIds.LatencySlowSql,
        "statements in Postgres take long",
        "Postgres itself takes the time: statements wait for a lock, read too much, or its disk or processor is busy.",
        [
            Share(time.Sql, "in Postgres"),
            $"A statement takes {Words.Time(Mean(s => s.Sql))} on average.",
            Share(time.PoolWaits, "waiting for a connection"),
        ],
        [
            "Look at pg_stat_activity: what runs for long, and what waits for a lock of whom?",
            "Look at pg_stat_statements for the statements with the most time, and at the plan of the first.",
            "Look at processor and disk of the database's machine.",
        ]);

    public Candidate CacheMisses()
    {
        var (hits, misses, unavailable) = (Servers.Sum(s => s.CacheHits), Servers.Sum(s => s.CacheMisses), Servers.Sum(s => s.CacheUnavailable));
        return Tell(
            FindingIds.LatencyCacheMisses,
            "the cache has hardly anything",
            unavailable > misses
                ? "Redis cannot be asked, so that reads go to Postgres."
                : "Redis answers, but has not what is asked for, so that reads go to Postgres: it was emptied or restarted, evicts for lack of memory, or clients ask for ever other wallets.",
            [
                $"Of {Words.Count(hits + misses + unavailable, "question")} the cache answered {Words.Percent(hits / Math.Max(1, hits + misses + unavailable))}; {misses:0} were missing, {unavailable:0} could not be asked.",
                Share(time.Database, "in Postgres and waiting for it"),
                Share(time.Redis, "in Redis"),
            ],
            [
                "Look at Redis: INFO stats (evicted_keys, keyspace_hits), INFO memory (maxmemory), INFO server (uptime).",
                "After a restart or a flush nothing has to be done: the first read of each wallet fills the cache.",
                "If it evicts, give it more memory.",
            ]);
    }

    public Candidate Redis() => Tell(
        FindingIds.LatencyRedisSlow,
        "Redis answers slowly",
        "The time goes into waiting for Redis: it is blocked by a slow command, saves to disk, swaps, or the network to it is slow.",
        [
            Share(time.Redis, "in Redis"),
            $"A command takes {Words.Time(Mean(s => s.Redis))} on average.",
            Share(time.Database, "in Postgres and waiting for it"),
        ],
        [
            "Look at SLOWLOG GET and LATENCY LATEST in Redis.",
            "Look whether its machine swaps, and whether its one processor is busy.",
            "Everything works without Redis: if it cannot be mended soon, stop it, and reads come from Postgres.",
        ]);

    public Candidate Network() => Tell(
        FindingIds.LatencyNetwork,
        "the way between gateway and replica is slow",
        "The gateway waits much longer than the replica works, by the replica's own account: the network between them loses or delays packets, or connections wait to be accepted.",
        [
            Share(time.Network, "between gateway and replica"),
            .. replicas.Select(r => $"{r.Name}: for half of the answers the gateway waits {Words.Time(r.Traffic.Response?.P50 ?? 0)} or longer, the replica says {Words.Time(r.Server!.Requests.Quantile(0.5) ?? 0)}."),
            .. replicas.Where(r => r.Traffic.Connect is { P95: >= 1 }).Select(r => $"{r.Name}: connecting takes up to {Words.Time(r.Traffic.Connect!.P95)}."),
        ],
        [
            "Measure the way itself: ping and mtr from the gateway's machine to the replica's.",
            "Look for lost packets (ss -ti, retrans), and for a proxy, a firewall or a VPN in between.",
            "Look whether the replica's machine is out of processor, so that it accepts late.",
        ]);

    public Candidate Queueing() => Tell(
        FindingIds.LatencyQueueing,
        "requests queue in front of the replicas",
        "More requests arrive at once than a replica works on at once, and the rest waits in its queue.",
        [
            Share(time.Queue, "in the queue"),
            $"{Words.Count(Servers.Sum(s => s.QueuedRequests), "request")} wait now.",
        ],
        [
            "Add replicas.",
            "If processor and database have room, let each replica work on more at once (Api:MaxConcurrentRequests).",
        ]);

    public Candidate Gc() => Tell(
        FindingIds.LatencyGc,
        "the garbage collector stops the replicas",
        "The process stands still while the garbage collector works: it has too little memory, or allocates too much.",
        [
            .. replicas.Select(r => $"{r.Name} stood still for {Words.Percent(LatencyBreakdown.PausedPart(r.Server!))} of {Words.Time(r.Server!.Length)}, {Words.Count(r.Server.GcCollections, "collection")}, {Words.Time(r.Server.GcPauseSeconds * 1000 / Math.Max(1, r.Server.GcCollections))} each."),
        ],
        [
            "Compare its memory with its limit: a heap near its limit is collected over and over.",
            "Look for what grows (dotnet-counters, dotnet-gcdump); restart it if it cannot wait.",
        ]);

    public Candidate ThreadPool() => Tell(
        FindingIds.LatencyThreadPool,
        "the replicas are out of threads",
        "Work waits for a thread of the pool: threads are blocked by synchronous waits, or there are too few processors for the work.",
        [
            .. replicas.Select(r => $"{r.Name}: {Words.Count(r.Server!.ThreadPoolQueue, "work item")} wait on average, {r.Server.ThreadPoolItems / Math.Max(0.001, r.Server.Length.TotalSeconds):0} are done in a second by {Words.Count(r.Server.ThreadPoolThreads, "thread")}: each waits {Words.Time(LatencyBreakdown.ThreadWait(r.Server) * 1000)}, several times per request."),
        ],
        [
            "Look what the threads wait for (dotnet-stack report): blocking calls such as .Result, .Wait() and Thread.Sleep.",
            "If they work instead of waiting, it is the processor: add replicas, or processors.",
        ]);

    private Candidate Tell(string id, string title, string cause, IEnumerable<string> evidence, IReadOnlyList<string> actions) => new(
        id, FindingSeverity.Warning, slow.Names, $"Latency is high: {title}", cause, [.. slow.Describe(now), .. evidence.Where(e => e.Length > 0)], actions);

    // What the replicas do for themselves counts with it: never more than the whole.
    private string Share(double seconds, string where)
    {
        var spent = Math.Min(seconds, time.Total);
        return $"{Words.Percent(time.Part(spent))} of a request's time is spent {where}: {Words.Time(spent * 1000 / time.Requests)} of {Words.Time(time.Total * 1000 / time.Requests)} on average.";
    }

    private double Mean(Func<Scraping.ServerNumbers, Scraping.DurationHistogram> of) => Servers.Select(of).Aggregate((all, next) => all.Plus(next)).MeanMilliseconds;
}
