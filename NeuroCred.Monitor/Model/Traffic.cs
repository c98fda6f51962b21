namespace NeuroCred.Monitor.Model;

/// <summary>What the gateway did within a window that ends now, by its access log.</summary>
/// <param name="Gateway">All requests.</param>
/// <param name="Replicas">The attempts, per replica, in the order of the configuration.</param>
internal sealed record TrafficWindow(GatewayTraffic Gateway, IReadOnlyList<ReplicaTraffic> Replicas);

/// <summary>Requests as clients saw them.</summary>
internal sealed record GatewayTraffic
{
    /// <summary>How many requests were answered.</summary>
    public required long Requests { get; init; }

    /// <summary>How many of them with a status of 500 or more.</summary>
    public required long Failed { get; init; }

    /// <summary>How many took more than one attempt.</summary>
    public required long FailedOver { get; init; }

    /// <summary>For how long requests were held because no replica could serve them; null when none was.</summary>
    public required Latency? Held { get; init; }

    /// <summary>How many of those failed in the end, with a status of 500 or more.</summary>
    public required long HeldFailed { get; init; }

    /// <summary>
    /// How long they took in all, null without any. WebSockets and server-sent events are not in it: their clients decide how long they
    /// last.
    /// </summary>
    public required Latency? Request { get; init; }

    /// <summary>The same per method (GET, POST, other): a slow write must not hide behind many fast reads.</summary>
    public required IReadOnlyDictionary<string, Latency> ByMethod { get; init; }
}

/// <summary>The attempts at one replica.</summary>
internal sealed record ReplicaTraffic
{
    /// <summary>The replica's name.</summary>
    public required string Replica { get; init; }

    /// <summary>Requests whose answer came from it.</summary>
    public required long Answers { get; init; }

    /// <summary>How often it was asked.</summary>
    public required long Attempts { get; init; }

    /// <summary>Attempts that failed, by kind.</summary>
    public required AttemptFailures Failures { get; init; }

    /// <summary>Attempts that failed and after which another replica was asked.</summary>
    public required long Failovers { get; init; }

    /// <summary>How long connecting took.</summary>
    public required Latency? Connect { get; init; }

    /// <summary>How long attempts that were answered took, until the last byte. Streams are in none of these.</summary>
    public required Latency? Response { get; init; }

    /// <summary>Until the last byte, per method (GET, POST, other).</summary>
    public required IReadOnlyDictionary<string, Latency> ByMethod { get; init; }
}

/// <summary>Attempts that failed.</summary>
/// <param name="Refused">Nobody listens on the replica's port.</param>
/// <param name="TimedOut">No connection, or no answer, in time.</param>
/// <param name="Reset">The connection ended before an answer, or the answer was none.</param>
/// <param name="ServerErrors">The replica answered with 500 or more.</param>
internal sealed record AttemptFailures(long Refused, long TimedOut, long Reset, long ServerErrors)
{
    /// <summary>All of them.</summary>
    public long Total => Refused + TimedOut + Reset + ServerErrors;
}

/// <summary>Quantiles of durations, in milliseconds.</summary>
/// <param name="Count">Of how many.</param>
/// <param name="P50">Half of them took no longer.</param>
/// <param name="P95">95 of 100 took no longer.</param>
/// <param name="P99">99 of 100 took no longer.</param>
/// <param name="Max">The longest.</param>
internal sealed record Latency(long Count, double P50, double P95, double P99, double Max);
