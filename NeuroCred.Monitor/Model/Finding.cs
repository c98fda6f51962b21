using NeuroCred.Monitor.Diagnostics;

namespace NeuroCred.Monitor.Model;

/// <summary>Something that is wrong, why, and what to do. A rule finds it in one observation; it is told once it has lasted.</summary>
/// <param name="Id">What is wrong and why, such as <c>no-traffic/drained</c>: one of <see cref="FindingIds"/>.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Replicas">The replicas that it is about; empty when it is about the system.</param>
/// <param name="Title">One sentence, without a full stop: <c>api-2 gets no traffic: it is drained</c>.</param>
/// <param name="Cause">The likely cause, in a sentence or two.</param>
/// <param name="Evidence">What was measured, a sentence each, with its numbers.</param>
/// <param name="Actions">What to do, a sentence each, the first thing first.</param>
/// <param name="Since">Since when; not known to the rule.</param>
internal sealed record Finding(
    string Id,
    FindingSeverity Severity,
    IReadOnlyList<string> Replicas,
    string Title,
    string Cause,
    IReadOnlyList<string> Evidence,
    IReadOnlyList<string> Actions,
    DateTimeOffset Since = default
)
{
    /// <summary>Its identity from one observation to the next.</summary>
    public string Key => FindingIds.KeyOf(Id, Replicas);
}

/// <summary>How bad a finding is.</summary>
internal enum FindingSeverity
{
    /// <summary>Clients notice at most that some requests take longer.</summary>
    Notice,

    /// <summary>Clients wait, or would notice the next fault.</summary>
    Warning,

    /// <summary>Clients get errors.</summary>
    Critical,
}

/// <summary>The findings as of one time.</summary>
/// <param name="Time">When it was made.</param>
/// <param name="Summary">One sentence: <c>Nothing wrong.</c>, or how many findings there are, and the worst.</param>
/// <param name="Findings">The worst first.</param>
internal sealed record Diagnosis(DateTimeOffset Time, string Summary, IReadOnlyList<Finding> Findings);
