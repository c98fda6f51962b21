using NeuroCred.Benchmarks.Simulation;

namespace NeuroCred.Benchmarks.CommandLine;

/// <summary>What <c>simulate</c> is asked to do.</summary>
internal sealed record SimulateOptions
{
    /// <summary>What the random numbers begin with. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Requests of each simulated run. Default: <see cref="SimulationTables.DefaultRequests"/>, what the tables of
    /// docs/simulation.md are made of.</summary>
    public int Requests { get; init; } = SimulationTables.DefaultRequests;

    /// <summary>The folder of the report.</summary>
    public string Out { get; init; } = Path.Combine("artifacts", "benchmarks");
}
