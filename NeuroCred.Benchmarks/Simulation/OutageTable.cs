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

    public static string Render(long seed) =>
        Table.Render(
            from hangs in (bool[])[false, true]
            from algorithm in Enum.GetValues<Algorithm>()
            select (Name: $"{SimulationTables.NameOf(algorithm)}, {(hangs ? "hangs" : "killed")}", Result: Run(algorithm, hangs, seed)),
            ("", row => row.Name),
            ("failed", row => $"{row.Result.Failed}"),
            ("sent again", row => $"{row.Result.Resent}"),
            ("over 1 s", row => $"{row.Result.CountSlowerThan(1)}"),
            ("slowest", row => SimulationTables.Time(row.Result.Slowest)),
            ("share afterwards", row => SimulationTables.Percent(row.Result.ShareOf(0, Seconds - Last)))
        );

    /// <summary>One run, with an outage of replica 0.</summary>
    public static SimulationResult Run(Algorithm algorithm, bool hangs, long seed) =>
        Simulator.Run(
            new()
            {
                Algorithm = algorithm,
                Replicas = [SimulationTables.Replica(), SimulationTables.Replica(), SimulationTables.Replica()],
                Interarrival = Durations.Exponential(1 / PerSecond),
                Requests = (int)(PerSecond * Seconds),
                Outages = [new(0, At, hangs, Restart)],
                Seed = seed,
            }
        );
}
