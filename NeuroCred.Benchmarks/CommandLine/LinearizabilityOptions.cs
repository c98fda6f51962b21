using System.CommandLine;

namespace NeuroCred.Benchmarks.CommandLine;

/// <summary>What <c>linearizability</c> is asked to do.</summary>
internal sealed record LinearizabilityOptions
{
    /// <summary>For how long faults happen. Default: 300.</summary>
    public int Seconds { get; init; } = 300;

    /// <summary>What the random numbers begin with. Default: another one each time.</summary>
    public int Seed { get; init; } = Random.Shared.Next();

    /// <summary>How many wallets are used at a time. Default: 4.</summary>
    public int Wallets { get; init; } = 4;

    /// <summary>How many clients there are. Default: 10.</summary>
    public int Clients { get; init; } = 10;

    /// <summary>The folder of the history.</summary>
    public string Out { get; init; } = "";

    /// <summary>A history to check instead of recording one; empty for none.</summary>
    public string Check { get; init; } = "";

    /// <summary>Reads a command line without errors.</summary>
    public static LinearizabilityOptions Read(ParseResult given) =>
        new()
        {
            Seconds = given.GetValue<int>("--seconds"),
            Seed = given.GetValue<int>("--seed"),
            Wallets = given.GetValue<int>("--wallets"),
            Clients = given.GetValue<int>("--clients"),
            Out = given.GetValue<string>("--out")!,
            Check = given.GetValue<string>("--check") ?? "",
        };
}
