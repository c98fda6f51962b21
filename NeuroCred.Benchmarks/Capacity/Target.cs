namespace NeuroCred.Benchmarks.Capacity;

/// <summary>A place to run, with what limits it there.</summary>
internal sealed record Target(string Name)
{
    /// <summary>Processors of one replica that can be had. The smallest that makes no more than <see cref="EnoughReplicas"/> of them is
    /// taken.</summary>
    public IReadOnlyList<double> Sizes { get; init; } = [1, 2, 4];

    /// <summary>Whether replicas are spread over three zones, one of which may be lost; else one replica may be.</summary>
    public bool HasZones { get; init; }

    /// <summary>Whether all of the system shares one machine.</summary>
    public bool IsOneHost { get; init; }

    /// <summary>Whether NeuroCred's nginx is the gateway; else the platform has its own.</summary>
    public bool HasOwnGateway { get; init; } = true;

    /// <summary>Its limits, beside those of Postgres and Redis.</summary>
    public IReadOnlyList<Limit> Limits { get; init; } = [];

    /// <summary>Each replica holds connections to Postgres and hears of every new score: few large ones are better than many small
    /// ones.</summary>
    public const int EnoughReplicas = 40;

    /// <summary>The largest machine that is counted on. An assumption, not a measurement.</summary>
    public const int LargestHost = 64;

    // Of nginx, on Compose and Swarm.
    private const int ComposeWorkers = 8;

    /// <summary>Processors that one nginx can use: its workers, which are two beside a load balancer of the platform's.</summary>
    public int GatewayCores { get; init; } = 2;

    /// <summary>Replicas that hold connections to Postgres at most, those that an update starts and those that leave included.</summary>
    public Func<long, long> DuringUpdate { get; init; } = replicas => replicas + 1;

    /// <summary>All targets that NeuroCred is deployed to.</summary>
    public static IReadOnlyList<Target> All { get; } =
    [
        new("nginx, Compose (one host)")
        {
            IsOneHost = true,
            GatewayCores = ComposeWorkers,
            Limits =
            [
                new("host", "the host's processors", "assumed: 64", needs => needs.HostCores, LargestHost),
                new(
                    "gateway",
                    "nginx: its eight workers",
                    "deploy/compose/nginx/nginx.conf",
                    needs => needs.Demand.GatewayCores,
                    ComposeWorkers
                ),
            ],
        },
        new("Swarm") { GatewayCores = ComposeWorkers },
        new("Kubernetes")
        {
            HasZones = true,
            DuringUpdate = replicas => replicas + 2,
            Limits = [new("pods", "150,000 pods", "Kubernetes, Considerations for large clusters", needs => needs.Replicas, 150_000)],
        },
        new("ALB, Fargate")
        {
            HasZones = true,
            DuringUpdate = replicas => 2 * replicas,
            Limits =
            [
                new(
                    "targets",
                    "1,000 targets (nginx) per ALB, unless raised",
                    "AWS, Quotas for your Application Load Balancers",
                    needs => needs.Gateways,
                    1000
                ),
            ],
        },
        new("Render") { Limits = [new("instances", "100 instances per service", "Render, Scaling", needs => needs.Replicas, 100)] },
        new("Railway")
        {
            HasOwnGateway = false,
            Limits =
            [
                new("domain", "11,000 requests/s to a domain", "Railway, Specs & Limits", needs => needs.Demand.PerSecond, 11_000),
                new("replicas", "42 replicas (Pro plan)", "Railway, Plans", needs => needs.Replicas, 42),
            ],
        },
    ];
}

/// <summary>Something that a target, or a part of the system, has only so much of.</summary>
/// <param name="Id">A word for it.</param>
/// <param name="What">What.</param>
/// <param name="Source">Where the number is from.</param>
/// <param name="Needed">How much of it is needed.</param>
/// <param name="Most">How much there is.</param>
internal sealed record Limit(string Id, string What, string Source, Func<Needs, double> Needed, double Most)
{
    public bool Allows(Needs needs) => Needed(needs) <= Most;
}
