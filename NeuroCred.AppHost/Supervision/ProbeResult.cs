namespace NeuroCred.AppHost.Supervision;

/// <summary>What came of a liveness probe.</summary>
/// <param name="Outcome">How it counts.</param>
/// <param name="Reason">What was wrong, as the end of a sentence about the replica; null when it answered.</param>
internal sealed record ProbeResult(ProbeOutcome Outcome, string? Reason = null);

/// <summary>How a liveness probe counts.</summary>
internal enum ProbeOutcome
{
    /// <summary>The replica lives.</summary>
    Answered,

    /// <summary>It did not answer, or not as one that lives.</summary>
    Missed,

    /// <summary>Nobody listens on its port: it has not come up, or is on its way out. A process that hangs still has its port.</summary>
    Refused,

    /// <summary>The probe itself was held up, so it says nothing of the replica.</summary>
    Void,
}
