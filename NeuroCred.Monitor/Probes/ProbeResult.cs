namespace NeuroCred.Monitor.Probes;

/// <summary>What came of asking a replica for its health.</summary>
/// <param name="Outcome">How it counts.</param>
/// <param name="Latency">How long it took.</param>
/// <param name="Reason">What was wrong, in words; null when nothing was.</param>
internal sealed record ProbeResult(ProbeOutcome Outcome, TimeSpan Latency, string? Reason = null)
{
    /// <summary>When the process that answered was started, as far as it said so.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>Whether it said that it drains.</summary>
    public bool IsDraining { get; init; }

    /// <summary>Whether it said that it does without a dependency.</summary>
    public bool IsDegraded { get; init; }

    /// <summary>The dependencies that it named as not healthy, with what it said of them.</summary>
    public IReadOnlyDictionary<string, string> UnwellDependencies { get; init; } = new Dictionary<string, string>();
}

/// <summary>How a probe counts.</summary>
internal enum ProbeOutcome
{
    /// <summary>It answered with 200.</summary>
    Ok,

    /// <summary>It answered with something else.</summary>
    Unhealthy,

    /// <summary>It did not answer in time.</summary>
    Timeout,

    /// <summary>It ended the connection, or answered with what is no HTTP.</summary>
    Broken,

    /// <summary>Nobody listens on its port.</summary>
    Refused,

    /// <summary>Somebody else answered on its port.</summary>
    Stranger,

    /// <summary>The monitor itself was held up, so it says nothing of the replica.</summary>
    Void,
}
