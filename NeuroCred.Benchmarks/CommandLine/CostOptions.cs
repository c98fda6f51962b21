using System.CommandLine;

namespace NeuroCred.Benchmarks.CommandLine;

/// <summary>What <c>cost</c> is asked to do.</summary>
internal sealed record CostOptions
{
    /// <summary>Seconds of each measurement. Default: 10.</summary>
    public int Seconds { get; init; } = 10;

    /// <summary>The folder of the reports.</summary>
    public string Out { get; init; } = "";

    /// <summary>Reads a command line without errors.</summary>
    public static CostOptions Read(ParseResult given) =>
        new() { Seconds = given.GetValue<int>("--seconds"), Out = given.GetValue<string>("--out")! };
}
