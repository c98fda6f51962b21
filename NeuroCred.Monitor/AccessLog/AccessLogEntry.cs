namespace NeuroCred.Monitor.AccessLog;

/// <summary>One request, as a line of the access log describes it. Times are milliseconds.</summary>
/// <param name="Method"><c>GET</c>, <c>POST</c> or <c>other</c>.</param>
/// <param name="Status">The status that the client saw.</param>
/// <param name="Milliseconds">From the first byte of the request to the last of the answer.</param>
/// <param name="Attempts">The replicas that were asked, in turn. Empty if nginx answered by itself.</param>
/// <param name="Held">How long the gateway held it because no replica could serve it; 0 if it was not held.</param>
/// <param name="IsStream">Whether it was a WebSocket or server-sent events, and was answered as such.</param>
/// <param name="HasNoLiveUpstream">Whether nginx asked no (further) replica because it took all of them for failed.</param>
internal sealed record AccessLogEntry(
    string Method,
    int Status,
    int Milliseconds,
    IReadOnlyList<UpstreamAttempt> Attempts,
    int Held = 0,
    bool IsStream = false,
    bool HasNoLiveUpstream = false
);

/// <summary>A replica that was asked. Times are milliseconds, and -1 where it did not come to that.</summary>
/// <param name="Replica">Its number, or <see cref="UpstreamAddresses.Other"/>.</param>
/// <param name="Outcome">The result.</param>
/// <param name="Connect">Until there was a connection; 0 if one was reused.</param>
/// <param name="Header">Until the first byte of the answer.</param>
/// <param name="Response">Until the last byte, or until nginx gave up.</param>
internal readonly record struct UpstreamAttempt(int Replica, AttemptOutcome Outcome, int Connect, int Header, int Response)
{
    /// <summary>Whether it failed.</summary>
    public bool Failed => Outcome is not (AttemptOutcome.Ok or AttemptOutcome.Abandoned);
}

/// <summary>The result of an attempt.</summary>
internal enum AttemptOutcome
{
    /// <summary>The replica answered, with a status below 500.</summary>
    Ok,

    /// <summary>Nothing listens on its port.</summary>
    Refused,

    /// <summary>No connection, or no answer, in time.</summary>
    Timeout,

    /// <summary>The connection ended before an answer, or the answer was not HTTP.</summary>
    Reset,

    /// <summary>It answered with 500 or more.</summary>
    ServerError,

    /// <summary>The client closed the connection before there was an answer.</summary>
    Abandoned,
}
