using NeuroCred.Benchmarks.CommandLine;
using NeuroCred.Benchmarks.Measurement;

namespace NeuroCred.Benchmarks.Report;

/// <summary>What a run of <c>failover</c> found.</summary>
internal sealed record FailoverReport(
    Machine Machine,
    FailoverOptions Options,
    IReadOnlyList<ReportedFault> Faults,
    IReadOnlyList<ReportedContestant> Contestants,
    IReadOnlyList<Measured> Measurements
)
{
    /// <summary>When the first and the last of it was measured.</summary>
    public (DateTimeOffset First, DateTimeOffset Last) Period => (Measurements.Min(m => m.At), Measurements.Max(m => m.At));

    /// <summary>This report, with what an earlier one has of other faults and contestants.</summary>
    /// <param name="earlier">The earlier report.</param>
    /// <param name="faults">The order of all faults.</param>
    /// <param name="contestants">The order of all contestants.</param>
    /// <exception cref="InvalidOperationException">It was measured with other options, or elsewhere.</exception>
    public FailoverReport AddTo(FailoverReport earlier, IReadOnlyList<ReportedFault> faults, IReadOnlyList<ReportedContestant> contestants)
    {
        if (earlier.Options.HowMuch != Options.HowMuch || earlier.Machine.ToString() != Machine.ToString())
        {
            throw new InvalidOperationException(
                "The folder's report was made with another rate, number of kills or length, or on another machine, and cannot be "
                    + "added to. Give another --out."
            );
        }

        Measured[] all = [.. earlier.Measurements.Where(m => Find(m.Fault, m.Contestant) is null), .. Measurements];
        return this with
        {
            Faults = [.. faults.Where(f => all.Any(m => m.Fault == f.Id))],
            Contestants = [.. contestants.Where(c => all.Any(m => m.Contestant == c.Id))],
            Measurements = all,
        };
    }

    /// <summary>A measurement, or null if it was not made.</summary>
    public Measured? Find(string fault, string contestant) =>
        Measurements.FirstOrDefault(m => m.Fault == fault && m.Contestant == contestant);
}

/// <summary>A fault, as reported.</summary>
internal sealed record ReportedFault(string Id, string Name, string Description, bool ShowsDistribution);

/// <summary>A contestant, as reported.</summary>
internal sealed record ReportedContestant(string Id, string Name, string Setup);
