using NeuroCred.Benchmarks.CommandLine;
using NeuroCred.Benchmarks.Report;

namespace NeuroCred.Benchmarks.Cost;

/// <summary>What a run of <c>cost</c> found.</summary>
/// <param name="At">When it began.</param>
/// <param name="Machine">Where.</param>
/// <param name="Options">What was asked for.</param>
/// <param name="Requests">The cost of one request of each kind.</param>
/// <param name="Idle">What runs without any request: the probes, mostly.</param>
/// <param name="Memory">Memory.</param>
/// <param name="Announcement">The cost of telling one replica of one new score.</param>
/// <param name="Commits">How many transactions Postgres commits per second.</param>
/// <param name="Cache">What the score cache costs and saves.</param>
/// <param name="Points">What the costs were computed from.</param>
internal sealed record CostReport(
    DateTimeOffset At,
    Machine Machine,
    CostOptions Options,
    IReadOnlyList<RequestCost> Requests,
    CpuUse Idle,
    MemoryUse Memory,
    CpuUse Announcement,
    IReadOnlyList<CommitRate> Commits,
    IReadOnlyList<CacheCost> Cache,
    IReadOnlyList<CostPoint> Points
)
{
    public RequestCost this[string kind] => Requests.First(r => r.Kind == kind);
}

/// <summary>Processor time of each part of the system, in milliseconds: per request, per message, or per second.</summary>
/// <param name="Gateway">nginx.</param>
/// <param name="Replicas">All replicas together.</param>
/// <param name="Postgres">Postgres.</param>
/// <param name="Redis">Redis.</param>
internal sealed record CpuUse(double Gateway, double Replicas, double Postgres, double Redis)
{
    public double Total => Gateway + Replicas + Postgres + Redis;

    /// <summary>Each part put through the same function.</summary>
    public static CpuUse Of(Func<Func<CpuUse, double>, double> value) =>
        new(value(c => c.Gateway), value(c => c.Replicas), value(c => c.Postgres), value(c => c.Redis));
}

/// <summary>What one request costs.</summary>
/// <param name="Kind">Its kind; see <see cref="CostWorkload"/>.</param>
/// <param name="Cpu">Milliseconds of processor time on a machine that is busy with requests of this kind, as one is whose capacity is asked
/// for.</param>
/// <param name="QuietCpu">The same on a machine that is nearly idle: each request wakes every process that it comes to.</param>
/// <param name="BusyPerSecond">How many the busy machine answered per second, all of the system and the clients on it.</param>
/// <param name="WalBytes">Bytes that Postgres writes to its log.</param>
/// <param name="StoredBytes">Bytes by which the database grows.</param>
/// <param name="AnswerBytes">Bytes of the answer, with its header.</param>
/// <param name="MedianMs">Milliseconds from the intended start to the answer on the quiet machine: half of all requests were
/// faster.</param>
/// <param name="P99Ms">Milliseconds that 99 % of these did not exceed.</param>
internal sealed record RequestCost(
    string Kind,
    CpuUse Cpu,
    CpuUse QuietCpu,
    double BusyPerSecond,
    double WalBytes,
    double StoredBytes,
    int AnswerBytes,
    double MedianMs,
    double P99Ms
);

/// <summary>What one request costs with the score cache and without, each on a busy machine.</summary>
/// <param name="Kind">Its kind, as it is with the cache. Without, all reads ask Postgres.</param>
/// <param name="Cached">Milliseconds of processor time of replicas that have Redis.</param>
/// <param name="Plain">The same of replicas that have none.</param>
internal sealed record CacheCost(string Kind, CpuUse Cached, CpuUse Plain);

/// <summary>Memory of each part, in MiB.</summary>
/// <param name="ReplicaIdle">The largest replica after its start.</param>
/// <param name="ReplicaLoaded">The largest replica at its largest.</param>
/// <param name="Gateway">nginx and its workers, at their largest.</param>
/// <param name="Postgres">All of Postgres, at its largest, shared pages counted once.</param>
/// <param name="Redis">Redis, at its largest.</param>
/// <param name="LiveConnectionKib">KiB of a replica for one open WebSocket.</param>
internal sealed record MemoryUse(
    double ReplicaIdle,
    double ReplicaLoaded,
    double Gateway,
    double Postgres,
    double Redis,
    double LiveConnectionKib
);

/// <summary>How fast transactions of one row each are committed by connections that do nothing else.</summary>
/// <param name="Connections">How many.</param>
/// <param name="PerSecond">Commits per second, of all of them.</param>
internal sealed record CommitRate(int Connections, double PerSecond);

/// <summary>One measurement.</summary>
/// <param name="Kind">The kind of request.</param>
/// <param name="PerSecond">Answered requests per second.</param>
/// <param name="Failed">Requests without a successful answer.</param>
/// <param name="Cpu">Milliseconds of processor time per second.</param>
/// <param name="Machine">The same of the whole machine: with the clients, and with whatever else ran on it.</param>
/// <param name="Connections">The most connections that were open at once.</param>
internal sealed record CostPoint(string Kind, double PerSecond, int Failed, CpuUse Cpu, double Machine, ConnectionUse Connections);

/// <summary>Open connections, as their servers see them.</summary>
/// <param name="Clients">Of clients to nginx.</param>
/// <param name="Upstream">Of nginx to the replicas.</param>
/// <param name="Postgres">Of the replicas to Postgres.</param>
/// <param name="Redis">Of the replicas to Redis.</param>
internal sealed record ConnectionUse(int Clients, int Upstream, int Postgres, int Redis)
{
    public static ConnectionUse Max(ConnectionUse a, ConnectionUse b) =>
        new(Math.Max(a.Clients, b.Clients), Math.Max(a.Upstream, b.Upstream), Math.Max(a.Postgres, b.Postgres), Math.Max(a.Redis, b.Redis));
}
