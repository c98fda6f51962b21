using System.CommandLine;

namespace NeuroCred.Benchmarks.CommandLine;

/// <summary>What <c>throughput</c> is asked to do.</summary>
internal sealed record ThroughputOptions
{
    /// <summary>How often each contestant is measured, in turn. Default: 5.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Seconds of each measurement. Default: 5.</summary>
    public int Seconds { get; init; } = 5;

    /// <summary>Client connections. Default: 32.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>The folder of the reports.</summary>
    public string Out { get; init; } = "";

    /// <summary>Reads a command line without errors.</summary>
    public static ThroughputOptions Read(ParseResult given) =>
        new()
        {
            Rounds = given.GetValue<int>("--rounds"),
            Seconds = given.GetValue<int>("--seconds"),
            Connections = given.GetValue<int>("--connections"),
            Out = given.GetValue<string>("--out")!,
        };
}
