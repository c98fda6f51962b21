using NeuroCred.Balancer.Policy;

namespace NeuroCred.Benchmarks.Simulation;

/// <summary>What is simulated.</summary>
internal sealed record Scenario
{
    public required IReadOnlyList<SimulatedServer> Replicas { get; init; }

    /// <summary>How each gateway chooses.</summary>
    public required Algorithm Algorithm { get; init; }

    /// <summary>The time from one request to the next.</summary>
    public required Duration Interarrival { get; init; }

    public required int Requests { get; init; }

    /// <summary>How many gateways share the requests; none knows what another one does. A network balancer gives each client to one of
    /// them. Default: 1.</summary>
    public int Gateways { get; init; } = 1;

    /// <summary>Timeouts, retries, failures and probes: NeuroCred's own defaults.</summary>
    public BalancingPolicy Policy { get; init; } = new();

    /// <summary>What happens to replicas.</summary>
    public IReadOnlyList<Outage> Outages { get; init; } = [];

    /// <summary>Replicas that become slower.</summary>
    public IReadOnlyList<Slowdown> Slowdowns { get; init; } = [];

    /// <summary>Requests at the beginning that are not counted: queues are empty then. Default: none.</summary>
    public int WarmUp { get; init; }

    /// <summary>What the random numbers begin with.</summary>
    public long Seed { get; init; } = 1;
}

/// <summary>A replica, as a queue: so many requests at once, the others wait in order.</summary>
/// <param name="Service">How long a request takes once it is its turn.</param>
/// <param name="Slots">How many are served at once.</param>
internal sealed record SimulatedServer(Duration Service, int Slots);

/// <summary>A replica that ends, and comes back.</summary>
/// <param name="Replica">Which one.</param>
/// <param name="At">When, in seconds.</param>
/// <param name="Hangs">Whether it hangs first, holding what it has and what it gets, until the supervisor has missed its probes and kills
/// it.</param>
/// <param name="Restart">Seconds from its end until it serves again.</param>
internal sealed record Outage(int Replica, double At, bool Hangs, double Restart);

/// <summary>A replica that takes longer from some time on.</summary>
/// <param name="Replica">Which one.</param>
/// <param name="At">From when on, in seconds.</param>
/// <param name="Delay">By how much.</param>
internal sealed record Slowdown(int Replica, double At, Duration Delay);

/// <summary>How a gateway chooses a replica.</summary>
public enum Algorithm
{
    /// <summary>nginx's <c>least_conn</c>.</summary>
    LeastConnections,

    /// <summary>nginx's own: one after the other.</summary>
    RoundRobin,

    /// <summary>nginx's <c>ip_hash</c>.</summary>
    IpHash,

    /// <summary>nginx's <c>random two least_conn</c>: the one with fewer requests of two drawn at random.</summary>
    PowerOfTwo,
}
