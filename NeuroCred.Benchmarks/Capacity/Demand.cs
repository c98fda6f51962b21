using NeuroCred.Balancer.Policy;
using NeuroCred.Benchmarks.Cost;

namespace NeuroCred.Benchmarks.Capacity;

/// <summary>What a rate of requests asks of the system, wherever it runs.</summary>
internal sealed record Demand(CostReport Costs, Mix Mix, double PerSecond)
{
    /// <summary>How busy a processor may be, before a replica is added: the policy's <c>Scaling:CpuPercent</c>.</summary>
    public static readonly double Busy = new ScalingPolicy().CpuPercent / 100.0;

    // Live clients' pages may take 4 at once (LiveScoreSource).
    private const int LeastPool = 5,
        LiveConnections = 1000;

    // So many replicas were there when the costs were measured: the announcements to them are in the cost of a new score.
    private const int MeasuredReplicas = 3;

    /// <summary>Postgres transactions that write, per second.</summary>
    public double CommitsPerSecond => PerSecond * Mix.Writes;

    /// <summary>Bytes of Postgres's log per second.</summary>
    public double WalBytesPerSecond => PerSecond * Mix.Mean(Costs, r => r.WalBytes);

    /// <summary>Bytes by which the database grows in a day.</summary>
    public double StoredBytesPerDay => PerSecond * Mix.Mean(Costs, r => r.StoredBytes) * 86400;

    /// <summary>Bits of answers per second, as clients get them.</summary>
    public double AnswerBitsPerSecond => PerSecond * Mix.Mean(Costs, r => 8.0 * r.AnswerBytes);

    /// <summary>Requests under way on average (Little's law), with the measured times, which are those of a machine that is not
    /// busy.</summary>
    public double UnderWay => PerSecond * Mix.Mean(Costs, r => r.MedianMs) / 1000;

    /// <summary>Processors of nginx, at <see cref="Busy"/>.</summary>
    public double GatewayCores => PerSecond * Mix.Mean(Costs, r => r.Cpu.Gateway) / 1000 / Busy;

    /// <summary>Processors of Postgres, at <see cref="Busy"/>.</summary>
    public double PostgresCores => PerSecond * Mix.Mean(Costs, r => r.Cpu.Postgres) / 1000 / Busy;

    /// <summary>MiB of a replica under load with as many WebSockets as it takes by default (<c>Live:MaxConnections</c>).</summary>
    public double ReplicaMebibytes => Costs.Memory.ReplicaLoaded + (LiveConnections * Costs.Memory.LiveConnectionKib / 1024);

    /// <summary>How many replicas are needed so that none is busier than <see cref="Busy"/>; null if no number is enough.</summary>
    /// <param name="cores">The processors of one.</param>
    public int? CountReplicas(double cores)
    {
        // Every replica hears of every new score, so each takes on that work in full, however many there are.
        var announcements = ScoresPerSecond * Costs.Announcement.Replicas / 1000;
        var idle = Costs.Idle.Replicas / 1000 / MeasuredReplicas;
        var free = (cores * Busy) - announcements - idle;
        return free > 0 ? Math.Max(2, (int)Math.Ceiling(PerSecond * ReplicaMilliseconds / 1000 / free)) : null;
    }

    /// <summary>Processors of Redis at <see cref="Busy"/>, with so many replicas to tell of every new score.</summary>
    public double CountRedisCores(int replicas) =>
        ((PerSecond * RedisMilliseconds) + (ScoresPerSecond * replicas * Costs.Announcement.Redis)) / 1000 / Busy;

    /// <summary>Processors of Redis for telling replicas of new scores, at <see cref="Busy"/>: this part is not divided by more
    /// shards.</summary>
    public double CountAnnouncementCores(int replicas) => ScoresPerSecond * replicas * Costs.Announcement.Redis / 1000 / Busy;

    /// <summary>How many connections to Postgres one of so many replicas needs, so that a request waits for one in a thousandth of the
    /// time.</summary>
    public int CountPool(int replicas)
    {
        // At most as long as the whole request takes: the connection goes back before the answer does.
        var held = Mix.Parts.Where(p => p.Key != CostWorkload.Cached).Sum(p => p.Value * Costs[p.Key].MedianMs) / 1000;
        return Math.Max(LeastPool, Poisson.Quantile(PerSecond * held / replicas, 0.999));
    }

    private double ScoresPerSecond => PerSecond * Mix.Scores;

    private double ReplicaMilliseconds =>
        Math.Max(0, Mix.Mean(Costs, r => r.Cpu.Replicas) - (Mix.Scores * MeasuredReplicas * Costs.Announcement.Replicas));

    private double RedisMilliseconds =>
        Math.Max(0, Mix.Mean(Costs, r => r.Cpu.Redis) - (Mix.Scores * MeasuredReplicas * Costs.Announcement.Redis));
}
