namespace NeuroCred.Benchmarks.CommandLine;

/// <summary>What <c>cost</c> is asked to do.</summary>
internal sealed record CostOptions
{
    /// <summary>Seconds of each measurement. Default: 10.</summary>
    public int Seconds { get; init; } = 10;

    /// <summary>The folder of the reports.</summary>
    public string Out { get; init; } = Path.Combine("artifacts", "benchmarks");
}
