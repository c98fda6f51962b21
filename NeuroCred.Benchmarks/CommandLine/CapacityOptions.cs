namespace NeuroCred.Benchmarks.CommandLine;

/// <summary>What <c>capacity</c> is asked to do.</summary>
internal sealed record CapacityOptions
{
    /// <summary>The report of <c>cost</c> to compute from; empty for the one that is checked in.</summary>
    public string Costs { get; init; } = "";

    /// <summary>The folder of the report.</summary>
    public string Out { get; init; } = Path.Combine("artifacts", "benchmarks");
}
