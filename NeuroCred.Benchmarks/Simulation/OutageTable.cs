using NeuroCred.Benchmarks.Report;

namespace NeuroCred.Benchmarks.Simulation;

/// <summary>What a replica that ends or hangs costs, by algorithm.</summary>
internal static class OutageTable
{
    public const string Caption =
        "Three replicas, one gateway, 300 requests/s for 20 s. After 5 s one replica is killed, or hangs until the supervisor has "
        + "missed its probes and kills it; "
        + "2 s after its end it serves again. Share: that replica's part of the answers in the last 5 s, a third when all is well again.";

    private const double At = 5,
        Restart = 2,
        PerSecond = 300,
        Seconds = 20,
        Last = 5;

    public static string Render(long seed)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var hangs in (bool[])[false, true])
        {
            foreach (var algorithm in Enum.GetValues<Algorithm>())
            {
                var result = Run(algorithm, hangs, seed);
                rows.Add([
                    $"{SimulationTables.NameOf(algorithm)}, {(hangs ? "hangs" : "killed")}",
                    Number(result.Failed),
                    Number(result.Resent),
                    Number(result.CountSlowerThan(1)),
                    SimulationTables.Time(result.Slowest),
                    SimulationTables.Percent(result.ShareOf(0, Seconds - Last)),
                ]);
            }
        }

        return Table.Render(["", "failed", "sent again", "over 1 s", "slowest", "share afterwards"], rows);
    }

    /// <summary>One run, with an outage of replica 0.</summary>
    public static SimulationResult Run(Algorithm algorithm, bool hangs, long seed) =>
        Simulator.Run(
            new()
            {
                Algorithm = algorithm,
                Replicas = [SimulationTables.Replica(), SimulationTables.Replica(), SimulationTables.Replica()],
                Interarrival = new Exponential(1 / PerSecond),
                Requests = (int)(PerSecond * Seconds),
                Outages = [new(0, At, hangs, Restart)],
                Seed = seed,
            }
        );

    private static string Number(int value) => value.ToString();
}
