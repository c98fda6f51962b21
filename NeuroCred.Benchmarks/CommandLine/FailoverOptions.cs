using System.CommandLine;
using System.CommandLine.Parsing;

namespace NeuroCred.Benchmarks.CommandLine;

/// <summary>What <c>failover</c> is asked to do.</summary>
internal sealed record FailoverOptions
{
    /// <summary>How often a replica is killed when quick, unless told otherwise.</summary>
    public const int KillsWhenQuick = 3;

    /// <summary>The ids of the faults. Default: all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>The ids of the contestants. Default: all.</summary>
    public IReadOnlyList<string> Contestants { get; init; } = [];

    /// <summary>Requests per second. Default: 100.</summary>
    public int Rate { get; init; } = 100;

    /// <summary>How often a replica is killed. Default: 20; 3 when quick.</summary>
    public int Kills { get; init; } = 20;

    public bool Quick { get; init; }

    /// <summary>Whether what the folder's report has of other faults and contestants is kept: a long run can then be made in
    /// parts.</summary>
    public bool Add { get; init; }

    /// <summary>What makes the numbers of two runs comparable.</summary>
    internal (int Rate, int Kills, bool Quick) HowMuch => (Rate, Kills, Quick);

    /// <summary>The folder of the reports.</summary>
    public string Out { get; init; } = "";

    /// <summary>Reads a command line without errors.</summary>
    public static FailoverOptions Read(ParseResult given)
    {
        var quick = given.GetValue<bool>("--quick");
        return new()
        {
            Only = given.GetValue<string[]>("--only") ?? [],
            Contestants = given.GetValue<string[]>("--contestants") ?? [],
            Rate = given.GetValue<int>("--rate"),
            Kills =
                quick && given.GetResult("--kills") is not OptionResult { Implicit: false }
                    ? KillsWhenQuick
                    : given.GetValue<int>("--kills"),
            Quick = quick,
            Add = given.GetValue<bool>("--add"),
            Out = given.GetValue<string>("--out")!,
        };
    }
}
