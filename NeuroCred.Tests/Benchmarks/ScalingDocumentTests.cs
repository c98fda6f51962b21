using NeuroCred.Benchmarks.Capacity;
using NeuroCred.Benchmarks.Report;
using NeuroCred.Benchmarks.Simulation;

namespace NeuroCred.Tests.Benchmarks;

/// <summary>Every number in a table of docs/scaling.md and docs/simulation.md follows from the measurements that are checked in.</summary>
public sealed class ScalingDocumentTests
{
    private static readonly IReadOnlyList<ComputedTable> s_simulated = SimulationTables.Of(SimulationTables.DefaultRequests, 1);
    private static readonly IReadOnlyList<ComputedTable> s_computed = CapacityTables.Of(MeasuredReports.ReadCost());

    public static TheoryData<string> SimulatedTables => [.. s_simulated.Select(t => t.Id)];

    public static TheoryData<string> ComputedTables => [.. s_computed.Select(t => t.Id)];

    [Theory]
    [MemberData(nameof(SimulatedTables))]
    public void Simulated_tables_are_what_the_simulation_says(string id) =>
        DocumentTable.Matches(s_simulated.First(t => t.Id == id).Render(), "docs/simulation.md", id);

    [Theory]
    [MemberData(nameof(ComputedTables))]
    public void Computed_tables_follow_from_the_measured_costs(string id) =>
        DocumentTable.Matches(s_computed.First(t => t.Id == id).Render(), "docs/scaling.md", id);
}
