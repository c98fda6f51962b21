using NeuroCred.Benchmarks.Report;

namespace NeuroCred.Benchmarks.Simulation;

/// <summary>What a slow replica costs, by algorithm.</summary>
internal static class SlowTable
{
    public const string Caption =
        "Three replicas, one gateway; one replica takes 1, 10 or 100 times as long. Load: the part of what three healthy replicas "
        + "could do. "
        + "Share: the slow replica's part of the answers.";

    private static readonly double[] s_loads = [0.1, 0.6];
    private static readonly double[] s_slowdowns = [1, 10, 100];

    public static string Render(int requests, long seed)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var load in s_loads)
        {
            foreach (var algorithm in Enum.GetValues<Algorithm>())
            {
                List<string> row = [$"{SimulationTables.NameOf(algorithm)}, load {load.ToString("0 %")}"];
                foreach (var result in s_slowdowns.Select(slowdown => Run(algorithm, load, slowdown, requests, seed)))
                {
                    row.AddRange([SimulationTables.Percent(result.ShareOf(0)), SimulationTables.Time(result.Percentile(0.99))]);
                }

                rows.Add(row);
            }
        }

        return Table.Render(["", "share, well", "p99", "share, 10 x", "p99", "share, 100 x", "p99"], rows);
    }

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
