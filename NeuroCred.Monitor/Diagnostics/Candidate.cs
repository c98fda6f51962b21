using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Diagnostics;

/// <summary>What a rule finds in one observation. It becomes a finding if it lasts.</summary>
/// <param name="Id">What is wrong, and why: one of <see cref="FindingIds"/>.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Replicas">The replicas that it is about.</param>
/// <param name="Title">One sentence, without a full stop.</param>
/// <param name="Cause">The likely cause.</param>
/// <param name="Evidence">What was measured, a sentence each.</param>
/// <param name="Actions">What to do, the first thing first.</param>
internal sealed record Candidate(
    string Id,
    FindingSeverity Severity,
    IReadOnlyList<string> Replicas,
    string Title,
    string Cause,
    IReadOnlyList<string> Evidence,
    IReadOnlyList<string> Actions
)
{
    /// <summary>Its identity from one observation to the next.</summary>
    public string Key => FindingIds.KeyOf(Id, Replicas);

    /// <summary>The finding that it becomes.</summary>
    public Finding Since(DateTimeOffset since) => new(Id, Severity, Replicas, Title, Cause, Evidence, Actions, since);
}
