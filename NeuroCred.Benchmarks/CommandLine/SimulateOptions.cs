using NeuroCred.Benchmarks.Simulation;

namespace NeuroCred.Benchmarks.CommandLine;

/// <summary>What <c>simulate</c> is asked to do.</summary>
internal sealed record SimulateOptions
{
    /// <summary>What the random numbers begin with. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Requests of each simulated run. Default: <see cref="SimulationTables.DefaultRequests"/>, what the tables of docs/simulation.md are made of.</summary>
    public int Requests { get; init; } = SimulationTables.DefaultRequests;

    /// <summary>The folder of the report.</summary>
    public string Out { get; init; } = Path.Combine("artifacts", "benchmarks");

    /// <summary>Reads the options of <c>simulate</c>.</summary>
    /// <param name="args">What follows the command.</param>
    /// <param name="errors">What is wrong with them.</param>
    public static SimulateOptions Read(IReadOnlyList<string> args, out IReadOnlyList<string> errors)
    {
        var reader = new ArgumentReader(args);
        var defaults = new SimulateOptions();
        var options = new SimulateOptions
        {
            Seed = reader.ReadNumber("--seed", defaults.Seed, 0, int.MaxValue),
            Requests = reader.ReadNumber("--requests", defaults.Requests, 1000, 10_000_000),
            Out = reader.ReadText("--out", defaults.Out),
        };
        errors = reader.Errors;
        return options;
    }
}
