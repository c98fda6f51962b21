namespace NeuroCred.Monitor.AccessLog;

/// <summary>One line of the access log. One object serves for all lines, one after the other: at 25,000 lines a second, one each would be work for the collector.</summary>
internal sealed class AccessLogEntry
{
    private readonly List<UpstreamAttempt> _attempts = [];

    /// <summary>The method, as far as it is told apart.</summary>
    public RequestMethod Method { get; set; }

    /// <summary>The status that the client saw.</summary>
    public int Status { get; set; }

    /// <summary>From the first byte of the request to the last of the answer, in milliseconds.</summary>
    public int Milliseconds { get; set; }

    /// <summary>How long the gateway held it because no replica could serve it, in milliseconds; 0 when it was not held.</summary>
    public int Held { get; set; }

    /// <summary>Whether it was a WebSocket or server-sent events, and was answered as such.</summary>
    public bool IsStream { get; set; }

    /// <summary>Whether there was no replica (left) to ask, because all were left alone.</summary>
    public bool HasNoLiveUpstream { get; set; }

    /// <summary>The replicas that were asked, in turn. Empty when nginx answered by itself.</summary>
    public IReadOnlyList<UpstreamAttempt> Attempts => _attempts;

    /// <summary>What of the time was spent in the gateway, in milliseconds: the whole less the attempts, and less what it was held for.</summary>
    public int MillisecondsInGateway
    {
        get
        {
            var rest = Milliseconds - Held;
            foreach (var attempt in _attempts)
            {
                rest -= Math.Max(attempt.Response, 0);
            }

            // Each of the numbers is rounded.
            return Math.Max(rest, 0);
        }
    }

    /// <summary>Makes room for the next line.</summary>
    public void Clear()
    {
        _attempts.Clear();
        (Method, Status, Milliseconds, Held, IsStream, HasNoLiveUpstream) = (RequestMethod.Other, 0, 0, 0, false, false);
    }

    /// <summary>Adds a replica that was asked.</summary>
    public void Add(UpstreamAttempt attempt) => _attempts.Add(attempt);
}

/// <summary>A replica that was asked. Times are milliseconds, and -1 where it did not come to that.</summary>
/// <param name="Replica">Its place in the configuration, or <see cref="UpstreamAddresses.Other"/>.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Connect">Until there was a connection; 0 where there was one already.</param>
/// <param name="Header">Until the first byte of the answer.</param>
/// <param name="Response">Until the last byte, or until nginx gave up.</param>
internal readonly record struct UpstreamAttempt(int Replica, AttemptOutcome Outcome, int Connect, int Header, int Response)
{
    /// <summary>Whether it failed.</summary>
    public bool Failed => Outcome is not (AttemptOutcome.Ok or AttemptOutcome.Abandoned);
}

/// <summary>What came of an attempt.</summary>
internal enum AttemptOutcome
{
    /// <summary>The replica answered, with a status below 500.</summary>
    Ok,

    /// <summary>Nobody listens on its port.</summary>
    Refused,

    /// <summary>No connection, or no answer, in time.</summary>
    Timeout,

    /// <summary>The connection ended before an answer, or the answer was none.</summary>
    Reset,

    /// <summary>It answered with 500 or more.</summary>
    ServerError,

    /// <summary>The client went away before there was an answer.</summary>
    Abandoned,
}

/// <summary>Methods that are told apart.</summary>
internal enum RequestMethod
{
    /// <summary>None of the others.</summary>
    Other,

    /// <summary>GET.</summary>
    Get,

    /// <summary>POST.</summary>
    Post,
}
