using NeuroCred.Benchmarks.Report;

namespace NeuroCred.Benchmarks.Simulation;

/// <summary>What a slow replica costs, by algorithm.</summary>
internal static class SlowTable
{
    public const string Caption =
        "Three replicas, one gateway; one replica takes 1, 10 or 100 times as long. Load: the part of what three healthy replicas "
        + "could do. Share: the slow replica's part of the answers.";

    private static readonly double[] s_loads = [0.1, 0.6];

    public static string Render(int requests, long seed) =>
        Table.Render(
            from load in s_loads
            from algorithm in Enum.GetValues<Algorithm>()
            select (
                Name: $"{SimulationTables.NameOf(algorithm)}, load {load.ToString("0 %")}",
                Well: Run(algorithm, load, 1, requests, seed),
                Slow10: Run(algorithm, load, 10, requests, seed),
                Slow100: Run(algorithm, load, 100, requests, seed)
            ),
            ("", row => row.Name),
            ("share, well", row => SimulationTables.Percent(row.Well.ShareOf(0))),
            ("p99", row => SimulationTables.Time(row.Well.Percentile(0.99))),
            ("share, 10 x", row => SimulationTables.Percent(row.Slow10.ShareOf(0))),
            ("p99", row => SimulationTables.Time(row.Slow10.Percentile(0.99))),
            ("share, 100 x", row => SimulationTables.Percent(row.Slow100.ShareOf(0))),
            ("p99", row => SimulationTables.Time(row.Slow100.Percentile(0.99)))
        );

    /// <summary>One run, with replica 0 slow.</summary>
    public static SimulationResult Run(Algorithm algorithm, double load, double slowdown, int requests, long seed) =>
        Simulator.Run(
            new()
            {
                Algorithm = algorithm,
                Replicas = [SimulationTables.Replica(slowdown), SimulationTables.Replica(), SimulationTables.Replica()],
                Interarrival = SimulationTables.Load(load, 3),
                Requests = requests,
                WarmUp = requests / 10,
                Seed = seed,
            }
        );
}
