using NeuroCred.Benchmarks.CommandLine;
using NeuroCred.Benchmarks.Measurement;

namespace NeuroCred.Benchmarks.Report;

/// <summary>What a run of <c>failover</c> found.</summary>
/// <param name="At">When it began.</param>
/// <param name="Machine">Where.</param>
/// <param name="Options">What was asked for.</param>
/// <param name="Faults">The faults, in order.</param>
/// <param name="Contestants">The contestants, in order.</param>
/// <param name="Measurements">What was measured.</param>
internal sealed record FailoverReport(
    DateTimeOffset At,
    Machine Machine,
    FailoverOptions Options,
    IReadOnlyList<ReportedFault> Faults,
    IReadOnlyList<ReportedContestant> Contestants,
    IReadOnlyList<Measured> Measurements)
{
    /// <summary>A measurement, or null if it was not made.</summary>
    public Measured? Find(string fault, string contestant) => Measurements.FirstOrDefault(m => m.Fault == fault && m.Contestant == contestant);
}

/// <summary>A fault, as reported.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What happens.</param>
/// <param name="ShowsDistribution">Whether it matters how requests were spread.</param>
internal sealed record ReportedFault(string Id, string Name, string Description, bool ShowsDistribution);

/// <summary>A contestant, as reported.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Setup">How it is set up.</param>
internal sealed record ReportedContestant(string Id, string Name, string Setup);
