namespace NeuroCred.AppHost.Supervision;

/// <summary>What came of a liveness probe.</summary>
/// <param name="Outcome">How it counts.</param>
/// <param name="Reason">What was wrong, as the end of a sentence about the resource; null when it answered.</param>
internal sealed record LivenessResult(LivenessOutcome Outcome, string? Reason = null);

/// <summary>How a liveness probe counts.</summary>
internal enum LivenessOutcome
{
    /// <summary>It lives.</summary>
    Answered,

    /// <summary>It did not answer, or not as one that lives.</summary>
    Missed,

    /// <summary>It did not answer, but worked meanwhile: it may be slow because the whole machine is.</summary>
    Busy,

    /// <summary>Nobody listens on its port: it has not come up, or is on its way out. A process that hangs still has its port.</summary>
    Refused,

    /// <summary>The probe itself was held up, so it says nothing of the resource.</summary>
    Void,
}
