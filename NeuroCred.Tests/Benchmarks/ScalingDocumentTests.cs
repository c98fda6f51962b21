using NeuroCred.Benchmarks.Capacity;
using NeuroCred.Benchmarks.Report;
using NeuroCred.Benchmarks.Simulation;
using NeuroCred.Tests.Snapshots;

namespace NeuroCred.Tests.Benchmarks;

/// <summary>Every number in a table of docs/scaling.md and docs/simulation.md follows from the measurements that are checked in.</summary>
public sealed class ScalingDocumentTests
{
    public static TheoryData<string> SimulatedTables => [.. SimulationTables.All.Select(t => t.Id)];

    public static TheoryData<string> ComputedTables => [.. CapacityTables.All.Select(t => t.Id)];

    [Theory]
    [MemberData(nameof(SimulatedTables))]
    public void Simulated_tables_are_what_the_simulation_says(string id) =>
        DocumentTable.Matches(
            SimulationTables.All.First(t => t.Id == id).Render(SimulationTables.DefaultRequests, 1),
            "docs/simulation.md",
            id
        );

    [Theory]
    [MemberData(nameof(ComputedTables))]
    public void Computed_tables_follow_from_the_measured_costs(string id) =>
        DocumentTable.Matches(CapacityTables.All.First(t => t.Id == id).Render(MeasuredReports.ReadCost()), "docs/scaling.md", id);
}
