namespace NeuroCred.Benchmarks.CommandLine;

/// <summary>What <c>monitor</c> is asked to do.</summary>
internal sealed record MonitorCostOptions
{
    /// <summary>How often each way is measured, in turn. Default: 5.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Seconds of each measurement. Default: 4.</summary>
    public int Seconds { get; init; } = 4;

    /// <summary>Client connections. Default: 32.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>The folder of the reports.</summary>
    public string Out { get; init; } = Path.Combine("artifacts", "benchmarks");
}
