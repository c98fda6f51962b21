using NeuroCred.Benchmarks.Report;

namespace NeuroCred.Benchmarks.Simulation;

/// <summary>The tables that the simulation makes, and what they have in common.</summary>
internal static class SimulationTables
{
    /// <summary>Requests of each run, unless told otherwise: enough for the first digits, few enough for a test.</summary>
    public const int DefaultRequests = 6_000;

    /// <summary>How many requests a replica serves at once.</summary>
    public const int Slots = 4;

    // A request at a replica that is well, in seconds: about what was measured.
    private const double Median = 0.004,
        P99 = 0.020;

    /// <summary>What a request at a replica that is well takes on average: the mean of this log-normal distribution.</summary>
    public const double MeanService = 0.00508;

    /// <summary>All of them.</summary>
    /// <param name="requests">Requests of each run, where a table does not need a number of its own.</param>
    /// <param name="seed">What the random numbers begin with.</param>
    public static IReadOnlyList<ComputedTable> Of(int requests, long seed) =>
        [
            new("simulated-measured", "Simulated against measured", MeasuredTable.Caption, () => MeasuredTable.Render(seed)),
            new("simulated-slow", "A slow replica", SlowTable.Caption, () => SlowTable.Render(requests, seed)),
            new("simulated-outage", "A replica that ends or hangs", OutageTable.Caption, () => OutageTable.Render(seed)),
            new("simulated-gateways", "Several gateways", GatewaysTable.Caption, () => GatewaysTable.Render(requests, seed)),
        ];

    /// <summary>An algorithm's name in nginx's words.</summary>
    public static string NameOf(Algorithm algorithm) =>
        algorithm switch
        {
            Algorithm.LeastConnections => "least_conn",
            Algorithm.RoundRobin => "round robin",
            Algorithm.IpHash => "ip_hash",
            _ => "random two",
        };

    /// <summary>A replica that takes so many times as long.</summary>
    public static SimulatedServer Replica(double slowdown = 1) => new(Durations.LogNormal(Median * slowdown, P99 * slowdown), Slots);

    /// <summary>The time between requests that keep so many replicas, all well, busy to a degree.</summary>
    public static Duration Load(double utilisation, int replicas) => Durations.Exponential(MeanService / (utilisation * replicas * Slots));

    /// <summary>A part in percent.</summary>
    public static string Percent(double part) => $"{100 * part:0.0} %";

    /// <summary>Seconds, in the unit that reads best.</summary>
    public static string Time(double seconds) =>
        seconds < 0.00995 ? $"{1000 * seconds:0.0} ms"
        : seconds < 0.9995 ? $"{1000 * seconds:0} ms"
        : $"{seconds:0.0} s";
}
