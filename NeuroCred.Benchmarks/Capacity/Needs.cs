namespace NeuroCred.Benchmarks.Capacity;

/// <summary>What a load needs on a target.</summary>
internal sealed record Needs(Demand Demand, Target Target)
{
    // Above this, Postgres spends memory and time on connections that do nothing, and a pooler in front of it is worth its trouble.
    private const int DirectConnections = 500;
    private const int ControlConnections = 2,
        Reserve = 20,
        Zones = 3;

    /// <summary>Processors of one replica.</summary>
    public double ReplicaCores { get; private init; }

    /// <summary>Replicas at <see cref="Demand.Busy"/>, without any to spare; null if no number is enough.</summary>
    public int? Working { get; private init; }

    /// <summary>Replicas, with those that may be lost.</summary>
    public int Replicas =>
        Working switch
        {
            null => int.MaxValue,
            { } working when Target.HasZones => Zones * (int)Math.Ceiling((double)working / (Zones - 1)),
            { } working => working + 1,
        };

    /// <summary>Postgres connections of one replica for requests.</summary>
    public int Pool => Demand.CountPool(Working ?? 1);

    /// <summary>Postgres's max_connections without a pooler: all replicas while an update replaces them, and a reserve.</summary>
    public long PostgresConnections => (Target.DuringUpdate(Replicas) * (Pool + ControlConnections)) + Reserve;

    public bool NeedsPooler => PostgresConnections > DirectConnections;

    /// <summary>How many nginx there are, one of them to spare; 0 where the platform has its own.</summary>
    public int Gateways =>
        !Target.HasOwnGateway ? 0
        : Target.IsOneHost ? 1
        : Math.Max(2, (int)Math.Ceiling(Demand.GatewayCores / Target.GatewayCores) + 1);

    /// <summary>Processors of Redis.</summary>
    public double RedisCores => Demand.CountRedisCores(Replicas);

    /// <summary>Processors of Redis for announcements alone: the part that more servers do not share, since each of them sends them all
    /// on.</summary>
    public double AnnouncementCores => Demand.CountAnnouncementCores(Replicas);

    /// <summary>Redis servers: each runs its commands on one processor.</summary>
    public int RedisShards => Math.Max(1, (int)Math.Ceiling(RedisCores));

    /// <summary>Processors of everything, without any to spare.</summary>
    public double HostCores => Demand.GatewayCores + ((Working ?? 0) * ReplicaCores) + Demand.PostgresCores + RedisCores;

    public static Needs Of(Demand demand, Target target)
    {
        foreach (var cores in target.Sizes)
        {
            var needs = new Needs(demand, target) { ReplicaCores = cores, Working = demand.CountReplicas(cores) };
            if (needs.Replicas <= Target.EnoughReplicas || cores == target.Sizes[^1])
            {
                return needs;
            }
        }

        throw new ArgumentException($"{target.Name} has no sizes.", nameof(target));
    }
}
