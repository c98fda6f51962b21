using NeuroCred.Balancer.Policy;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Scraping;

namespace NeuroCred.Monitor.Diagnostics;

/// <summary>What the rules judge by, and the snapshots show, as of one time. Immutable.</summary>
internal sealed record Observation
{
    /// <summary>When it was made.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The balancing policy of the gateway.</summary>
    public required BalancingPolicy Policy { get; init; }

    /// <summary>What 95 of 100 requests should take at most.</summary>
    public required TimeSpan LatencyObjective { get; init; }

    /// <summary>How long the window is.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>The gateway's requests within the window.</summary>
    public required GatewayTraffic Gateway { get; init; }

    /// <summary>For how long it has not answered; null while it does, and while it may still be starting.</summary>
    public required TimeSpan? GatewaySilence { get; init; }

    /// <summary>Why its access log cannot be read, and so nothing of its traffic is known; null while it can.</summary>
    public required string? LogProblem { get; init; }

    /// <summary>How many requests it answered within the last 5 s, or the window if that is shorter.</summary>
    public required long RecentRequests { get; init; }

    /// <summary>The answers of all replicas within the window, also of those that have left meanwhile.</summary>
    public required long Answers { get; init; }

    /// <summary>The usual part of the requests that were sent again, 0 to 1, as <see cref="Diagnostician"/> knows it.</summary>
    public double UsualFailoverRatio { get; init; }

    /// <summary>The replicas, by their numbers.</summary>
    public required IReadOnlyList<ObservedReplica> Replicas { get; init; }
}

/// <summary>Everything about one replica.</summary>
internal sealed record ObservedReplica
{
    /// <summary>
    /// How much longer than the window a replica must have served to be compared: the access log is up to a second late, and so is a probe.
    /// </summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    /// <summary>Its health, by the probes.</summary>
    public required ReplicaHealth Health { get; init; }

    /// <summary>The attempts at it within the window.</summary>
    public required ReplicaTraffic Traffic { get; init; }

    /// <summary>The same within the last 5 s: a replica that has just ended still has answers in the window.</summary>
    public required ReplicaTraffic Recent { get; init; }

    /// <summary>Its own metrics; null if they cannot be read.</summary>
    public required ReplicaMetrics? Server { get; init; }

    /// <summary>Its name.</summary>
    public string Name => Health.Replica;

    /// <summary>Whether it takes requests, as far as the probes know.</summary>
    public bool IsServing => Health.State.IsServing && Server?.Draining != true;

    /// <summary>
    /// Whether it has served for the whole window, so that what happened within it can be compared. A process that has just started
    /// compiles its code while it serves, and attempts that failed while it was down are explained by that.
    /// </summary>
    public bool IsSettled(Observation now) => IsServing && IsOlderThan(now, now.Window + Settling);

    /// <summary>Whether it has been in its state, and its process has run, for as long.</summary>
    public bool IsOlderThan(Observation now, TimeSpan age) =>
        now.Time - Health.Since >= age && (Health.Started is not { } started || now.Time - started >= age);
}
