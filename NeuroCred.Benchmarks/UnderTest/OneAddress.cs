using NeuroCred.Balancer.Policy;

namespace NeuroCred.Benchmarks.UnderTest;

/// <summary>The gateway's limits for each client, for load of which all comes from one address. As high as they go, and not off: what they
/// cost is measured too.</summary>
internal static class OneAddress
{
    private const int Connections = 10_000;
    private const int Requests = 100_000;

    /// <summary>The policy, with these limits.</summary>
    public static BalancingPolicy Policy { get; } =
        new()
        {
            Limits = new()
            {
                ConnectionsPerClient = Connections,
                RequestsPerSecond = Requests,
                Burst = Requests,
            },
        };

    /// <summary>The same, for the AppHost's command line.</summary>
    public static IReadOnlyList<string> Arguments { get; } =
    [
        $"--Balancing:Limits:ConnectionsPerClient={Connections}",
        $"--Balancing:Limits:RequestsPerSecond={Requests}",
        $"--Balancing:Limits:Burst={Requests}",
    ];
}
