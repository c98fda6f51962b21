using NeuroCred.Benchmarks.Measurement;
using NeuroCred.Benchmarks.Report;

namespace NeuroCred.Benchmarks.Simulation;

/// <summary>The simulation beside what was measured.</summary>
internal static class MeasuredTable
{
    public const string Caption =
        "100 requests/s at a fixed rate, three replicas; after a second one of them answers 10 or 100 times later (it still works on "
        + "all its requests at once). "
        + "Measured: Measured/failover.json, by `failover --only steady,slow10,slow100`. Share: the slow replica's part of the answers.";

    private const int PerSecond = 100,
        Replica = 1,
        Unlimited = 1000;
    private const double StrikesAt = 1;

    private static readonly (string Fault, double Factor)[] s_faults = [("slow10", 9), ("slow100", 99)];
    private static readonly (string Contestant, Algorithm Algorithm)[] s_contestants =
    [
        ("neurocred", Algorithm.LeastConnections),
        ("guide", Algorithm.LeastConnections),
        ("haproxy-defaults", Algorithm.RoundRobin),
    ];

    public static string Render(long seed)
    {
        var measured = MeasuredReports.ReadFailover();
        return Table.Render(
            Compare(measured, seed),
            (
                "",
                c =>
                    $"{measured.Contestants.First(x => x.Id == c.Measured.Contestant).Name}, "
                    + $"{measured.Faults.First(f => f.Id == c.Measured.Fault).Name}"
            ),
            ("share, measured", c => SimulationTables.Percent(ShareOf(c.Measured))),
            ("share, simulated", c => SimulationTables.Percent(c.Simulated.ShareOf(Replica))),
            ("p99, measured", c => SimulationTables.Time(c.Measured.P99 / 1000)),
            ("p99, simulated", c => SimulationTables.Time(c.Simulated.Percentile(0.99)))
        );
    }

    /// <summary>Every measured point with its simulation.</summary>
    public static IEnumerable<(Measured Measured, SimulationResult Simulated)> Compare(FailoverReport report, long seed) =>
        from fault in s_faults
        from contestant in s_contestants
        let measured = report.Find(fault.Fault, contestant.Contestant)
        where measured?.HealthyMedian is not null
        select (measured, Simulate(report, measured, contestant.Algorithm, fault.Factor, seed));

    /// <summary>The slow replica's part of the answers, as measured.</summary>
    public static double ShareOf(Measured measured) => (double)measured.ByReplica["api-2"] / measured.ByReplica.Values.Sum();

    private static SimulationResult Simulate(FailoverReport report, Measured measured, Algorithm algorithm, double factor, long seed)
    {
        var steady = report.Find("steady", measured.Contestant)!;
        var well = Durations.LogNormal(steady.Median / 1000, steady.P99 / 1000);
        return Simulator.Run(
            new()
            {
                Algorithm = algorithm,
                Replicas = [.. Enumerable.Range(0, 3).Select(_ => new SimulatedServer(well, Unlimited))],
                Slowdowns = [new(Replica, StrikesAt, Durations.Constant(factor * measured.HealthyMedian!.Value / 1000))],
                Interarrival = Durations.Constant(1.0 / PerSecond),
                Requests = measured.Requests,
                Seed = seed,
            }
        );
    }
}
