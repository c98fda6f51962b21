using System.Text.Json.Serialization;

namespace NeuroCred.Monitor.Model;

/// <summary>Everything the monitor knows at one time. One is made every second.</summary>
internal sealed record SystemSnapshot
{
    /// <summary>When it was made.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How many seconds were complete since the monitor's start: the histories end with the last of them. Clients are not
    /// told.</summary>
    [JsonIgnore]
    public long Seconds { get; init; }

    /// <summary>Over how many seconds rates, shares and quantiles are taken.</summary>
    public required double WindowSeconds { get; init; }

    /// <summary>The gateway.</summary>
    public required GatewaySnapshot Gateway { get; init; }

    /// <summary>The replicas, by their numbers.</summary>
    public required IReadOnlyList<ReplicaSnapshot> Replicas { get; init; }

    /// <summary>What is wrong.</summary>
    public required Diagnosis Diagnosis { get; init; }

    /// <summary>The latest events, the latest first, 200 at most.</summary>
    public required IReadOnlyList<TimelineEvent> Events { get; init; }
}

/// <summary>The gateway, as part of a snapshot.</summary>
internal sealed record GatewaySnapshot
{
    /// <summary>Whether it answers.</summary>
    public required bool Up { get; init; }

    /// <summary>Requests a second.</summary>
    public required double Rate { get; init; }

    /// <summary>Of all requests, those that clients saw fail (500 and more), 0 to 1.</summary>
    public required double ErrorRatio { get; init; }

    /// <summary>Requests a second that took more than one attempt.</summary>
    public required double FailoverRate { get; init; }

    /// <summary>For how long requests were held within the window because no replica could serve them; null when none was.</summary>
    public required Latency? Held { get; init; }

    /// <summary>How many of those failed in the end, with a status of 500 or more.</summary>
    public required long HeldFailed { get; init; }

    /// <summary>How long requests took.</summary>
    public required Latency? Request { get; init; }

    /// <summary>Client connections, by <c>stub_status</c>; null when it does not answer.</summary>
    public required GatewayConnections? Connections { get; init; }

    /// <summary>The access log's lines since the monitor's start.</summary>
    public required LogLines Log { get; init; }
}

/// <summary>Client connections of the gateway.</summary>
internal sealed record GatewayConnections(long Active, long Reading, long Writing, long Waiting);

/// <summary>Lines of the access log since the monitor's start.</summary>
/// <param name="Read">Read and understood.</param>
/// <param name="Unparsed">Read and not understood.</param>
/// <param name="Lost">Known to have been written and not read.</param>
internal sealed record LogLines(long Read, long Unparsed, long Lost);

/// <summary>A replica, as part of a snapshot.</summary>
internal sealed record ReplicaSnapshot
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its own address.</summary>
    public required string Url { get; init; }

    /// <summary>What the probes say.</summary>
    public required ReplicaHealth Health { get; init; }

    /// <summary>What the gateway did with it within the window.</summary>
    public required ReplicaTraffic Traffic { get; init; }

    /// <summary>Its part of all answers, 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>Answers a second.</summary>
    public required double Rate { get; init; }

    /// <summary>Of all attempts, those that failed, 0 to 1.</summary>
    public required double ErrorRatio { get; init; }

    /// <summary>Requests it works on now, by its own metrics; null when those cannot be had.</summary>
    public required long? InFlight { get; init; }

    /// <summary>The last two minutes, a point each second, the latest last.</summary>
    public required IReadOnlyList<HistoryPoint> History { get; init; }
}

/// <summary>One second of a replica.</summary>
/// <param name="Rate">Answers.</param>
/// <param name="Attempts">Attempts.</param>
/// <param name="Failures">Attempts that failed.</param>
/// <param name="Failovers">Attempts after which another replica was asked.</param>
/// <param name="P95">Of the time until the last byte, in milliseconds; null without any.</param>
internal sealed record HistoryPoint(double Rate, double Attempts, double Failures, double Failovers, double? P95);

/// <summary>An event of the timeline.</summary>
/// <param name="Time">When it was seen.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Subject">What it is about: a replica's name, <c>gateway</c>, or a finding's id.</param>
/// <param name="Text">One sentence.</param>
internal sealed record TimelineEvent(DateTimeOffset Time, TimelineKind Kind, string Subject, string Text);

/// <summary>What happened.</summary>
internal enum TimelineKind
{
    /// <summary>It ended without having drained: killed, crashed, or ended by itself.</summary>
    Gone,

    /// <summary>It drained and ended.</summary>
    Stopped,

    /// <summary>It no longer answers.</summary>
    Hung,

    /// <summary>Another process answers in its place.</summary>
    Restarted,

    /// <summary>It drains.</summary>
    Drained,

    /// <summary>A critical dependency of it is missing.</summary>
    NotReady,

    /// <summary>It serves without a dependency.</summary>
    Degraded,

    /// <summary>It serves again.</summary>
    Back,

    /// <summary>A finding appeared.</summary>
    FindingAppeared,

    /// <summary>A finding is gone.</summary>
    FindingGone,
}
