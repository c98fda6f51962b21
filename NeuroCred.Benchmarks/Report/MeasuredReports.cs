using NeuroCred.Benchmarks.Cost;

namespace NeuroCred.Benchmarks.Report;

/// <summary>The reports of earlier runs that are checked in, in the folder Measured: what the simulation and the capacity tables start
/// from.</summary>
internal static class MeasuredReports
{
    /// <summary>The distribution of requests with a slow replica.</summary>
    public static FailoverReport ReadFailover() => Read<FailoverReport>("failover");

    /// <summary>The costs of requests.</summary>
    public static CostReport ReadCost() => Read<CostReport>("cost");

    private static T Read<T>(string name) =>
        ReportFiles.Read<T>(Path.Combine(AppContext.BaseDirectory, "Measured", $"{name}.json"), "Measure it again.");
}
