using NeuroCred.Benchmarks.Report;

namespace NeuroCred.Benchmarks.Simulation;

/// <summary>What several gateways cost that do not see each other's counts.</summary>
internal static class GatewaysTable
{
    public const string Caption =
        "Twelve replicas at 70 % of what they can do, behind 1 to 64 gateways that do not know of each other. First all replicas are "
        + "well, then one takes 10 times as long: share is that one's part of the answers (8.3 % if all were alike; it can do 0.8 %).";

    private const int Replicas = 12;
    private const double Utilisation = 0.7,
        Long = 0.1;
    private static readonly Algorithm[] s_algorithms = [Algorithm.LeastConnections, Algorithm.PowerOfTwo, Algorithm.RoundRobin];
    private static readonly int[] s_gateways = [1, 4, 16, 64];

    public static string Render(int requests, long seed) =>
        Table.Render(
            from algorithm in s_algorithms
            from gateways in s_gateways
            select (
                Name: $"{SimulationTables.NameOf(algorithm)}, {gateways} gateway{(gateways > 1 ? "s" : "")}",
                Well: Run(algorithm, gateways, 1, requests, seed),
                Slow: Run(algorithm, gateways, 10, requests, seed)
            ),
            ("", row => row.Name),
            ("well: mean", row => SimulationTables.Time(row.Well.Mean)),
            ("p99", row => SimulationTables.Time(row.Well.Percentile(0.99))),
            ("one slow: share", row => SimulationTables.Percent(row.Slow.ShareOf(0))),
            ("mean", row => SimulationTables.Time(row.Slow.Mean)),
            ("over 100 ms", row => SimulationTables.Percent(row.Slow.PartSlowerThan(Long)))
        );

    /// <summary>One run, with replica 0 slow.</summary>
    public static SimulationResult Run(Algorithm algorithm, int gateways, double slowdown, int requests, long seed) =>
        Simulator.Run(
            new()
            {
                Algorithm = algorithm,
                Gateways = gateways,
                Replicas = [.. Enumerable.Range(0, Replicas).Select(i => SimulationTables.Replica(i == 0 ? slowdown : 1))],
                Interarrival = SimulationTables.Load(Utilisation, Replicas),
                Requests = requests,
                WarmUp = requests / 10,
                Seed = seed,
            }
        );
}
