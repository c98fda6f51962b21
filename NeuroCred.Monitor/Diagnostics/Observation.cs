using NeuroCred.Balancer.Policy;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Scraping;

namespace NeuroCred.Monitor.Diagnostics;

/// <summary>Everything that is judged by, at one moment. Nothing in it changes.</summary>
internal sealed record Observation
{
    /// <summary>When.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What the gateway balances by.</summary>
    public required BalancingPolicy Policy { get; init; }

    /// <summary>What 95 of 100 requests should take at most.</summary>
    public required TimeSpan LatencyObjective { get; init; }

    /// <summary>How long the window is.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>What the gateway did within the window.</summary>
    public required GatewayTraffic Gateway { get; init; }

    /// <summary>How many requests it answered within the last seconds, which are no more than the window.</summary>
    public required long RecentRequests { get; init; }

    /// <summary>Of how many attempts another one followed, before the window, or before that began to be too many.</summary>
    public required double UsualFailoverRatio { get; init; }

    /// <summary>The replicas, in the order of the configuration.</summary>
    public required IReadOnlyList<ObservedReplica> Replicas { get; init; }
}

/// <summary>Everything about one replica.</summary>
internal sealed record ObservedReplica
{
    /// <summary>How much longer than the window a replica must have served to be compared: the access log is up to a second late, and so is a probe.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    /// <summary>What the probes found out.</summary>
    public required ReplicaHealth Health { get; init; }

    /// <summary>What the gateway had to do with it within the window.</summary>
    public required ReplicaTraffic Traffic { get; init; }

    /// <summary>The same within the last seconds: whoever has just gone still has answers in the window.</summary>
    public required ReplicaTraffic Recent { get; init; }

    /// <summary>What it says of itself; null when it does not say.</summary>
    public required ServerNumbers? Server { get; init; }

    /// <summary>Its name.</summary>
    public string Name => Health.Replica;

    /// <summary>Whether it takes requests, as far as the probes know.</summary>
    public bool IsServing => Health.State is ReplicaState.Serving or ReplicaState.Degraded && Server?.Draining != true;

    /// <summary>
    /// Whether it has served for the whole window, so that what happened within it can be compared. A process that has just begun compiles
    /// its code while it serves, and what failed while it was away is explained by that.
    /// </summary>
    public bool IsSettled(Observation now) => IsServing && IsOlderThan(now, now.Window + Settling);

    /// <summary>Whether it has been in its state, and its process has run, for as long.</summary>
    public bool IsOlderThan(Observation now, TimeSpan age)
        => now.Time - Health.Since >= age && (Health.Started is not { } started || now.Time - started >= age);
}
