using System.Text.Json;
using NeuroCred.Benchmarks.Cost;

namespace NeuroCred.Benchmarks.Report;

/// <summary>Reads the reports of earlier runs that are checked in, in the folder Measured: what the simulation and the capacity tables
/// start from.</summary>
internal static class MeasuredReports
{
    /// <summary>The distribution of requests with a slow replica.</summary>
    public static FailoverReport ReadFailover() => Read<FailoverReport>(Beside("failover.json"));

    /// <summary>The costs of requests.</summary>
    /// <param name="file">A file that <c>cost</c> wrote; null for the one that is checked in.</param>
    public static CostReport ReadCost(string? file = null) => Read<CostReport>(file ?? Beside("cost.json"));

    private static string Beside(string name) => Path.Combine(AppContext.BaseDirectory, "Measured", name);

    private static T Read<T>(string file) =>
        JsonSerializer.Deserialize<T>(File.ReadAllText(file), JsonSerializerOptions.Web)
        ?? throw new InvalidOperationException($"{file} holds no report.");
}
