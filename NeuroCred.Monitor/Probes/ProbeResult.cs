namespace NeuroCred.Monitor.Probes;

/// <summary>The result of a probe.</summary>
/// <param name="Outcome">How it counts.</param>
/// <param name="Latency">How long it took.</param>
/// <param name="Reason">What was wrong; null if nothing was.</param>
internal sealed record ProbeResult(ProbeOutcome Outcome, TimeSpan Latency, string? Reason = null)
{
    /// <summary>When the process that answered was started; null if it did not report it.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>The name that it gives itself; null if it gave none, or it is known by that name anyway.</summary>
    public string? ServedBy { get; init; }

    /// <summary>Whether it reports that it drains.</summary>
    public bool IsDraining { get; init; }

    /// <summary>Whether it reports that it serves without a dependency.</summary>
    public bool IsDegraded { get; init; }

    /// <summary>The dependencies that it reports as not healthy, with the reason.</summary>
    public IReadOnlyDictionary<string, string> UnhealthyDependencies { get; init; } = new Dictionary<string, string>();
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

    /// <summary>It ended the connection, or its answer was not HTTP.</summary>
    Broken,

    /// <summary>Nothing listens on its port.</summary>
    Refused,

    /// <summary>Another program answered on its port.</summary>
    Stranger,

    /// <summary>The monitor itself was not running in time, so the result says nothing about the replica.</summary>
    Void,
}
