using NeuroCred.Benchmarks.Contestants;
using NeuroCred.Benchmarks.Faults;

namespace NeuroCred.Benchmarks.CommandLine;

/// <summary>Reads the options of each command.</summary>
internal static class Options
{
    private const int KillsWhenQuick = 3;

    /// <summary>Reads the options of <c>failover</c>.</summary>
    /// <param name="args">What follows the command.</param>
    /// <param name="errors">What is wrong with them.</param>
    public static FailoverOptions ReadFailover(IReadOnlyList<string> args, out IReadOnlyList<string> errors)
    {
        var reader = new ArgumentReader(args);
        var defaults = new FailoverOptions();
        var quick = reader.ReadFlag("--quick");
        var options = new FailoverOptions
        {
            Only = reader.ReadNames("--only", [.. FaultCatalogue.Create(defaults.Kills, quick).Select(f => f.Id)]),
            Contestants = reader.ReadNames("--contestants", [.. ContestantCatalogue.All.Select(c => c.Id)]),
            Rate = reader.ReadNumber("--rate", defaults.Rate, 4, 1000),
            Kills = reader.ReadNumber("--kills", quick ? KillsWhenQuick : defaults.Kills, 1, 1000),
            Quick = quick,
            Add = reader.ReadFlag("--add"),
            Out = reader.ReadText("--out", defaults.Out),
        };
        errors = reader.Errors;
        return options;
    }

    /// <summary>Reads the options of <c>throughput</c>.</summary>
    /// <param name="args">What follows the command.</param>
    /// <param name="errors">What is wrong with them.</param>
    public static ThroughputOptions ReadThroughput(IReadOnlyList<string> args, out IReadOnlyList<string> errors)
    {
        var reader = new ArgumentReader(args);
        var defaults = new ThroughputOptions();
        var options = new ThroughputOptions
        {
            Rounds = reader.ReadNumber("--rounds", defaults.Rounds, 1, 100),
            Seconds = reader.ReadNumber("--seconds", defaults.Seconds, 1, 600),
            Connections = reader.ReadNumber("--connections", defaults.Connections, 1, 1000),
            Out = reader.ReadText("--out", defaults.Out),
        };
        errors = reader.Errors;
        return options;
    }
}
