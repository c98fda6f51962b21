namespace NeuroCred.Monitor.Model;

/// <summary>The health of a replica, by the probes.</summary>
internal sealed record ReplicaHealth
{
    /// <summary>The replica's name.</summary>
    public required string Replica { get; init; }

    /// <summary>The state.</summary>
    public required ReplicaState State { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>
    /// The reason: <c>connection refused</c>, <c>no answer within 500 ms</c>, <c>503: draining</c>. Null while all is well.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>Whether another program answers on its port; <see cref="Reason"/> names it.</summary>
    public bool IsPortTaken { get; init; }

    /// <summary>The dependencies that <c>/health/ready</c> reports as not healthy, with the reason.</summary>
    public IReadOnlyDictionary<string, string> UnhealthyDependencies { get; init; } = new Dictionary<string, string>();

    /// <summary>When the process that answers was started, null before its first answer.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>The name that a discovered replica gives itself, such as its container's; null before its first answer.</summary>
    public string? ServedBy { get; init; }
}

/// <summary>A replica's state, the worst that applies.</summary>
internal enum ReplicaState
{
    /// <summary>Not probed yet.</summary>
    Unknown,

    /// <summary>Alive and ready.</summary>
    Serving,

    /// <summary>Alive and serving, without a dependency that is not critical.</summary>
    Degraded,

    /// <summary>Alive, and takes no new requests because someone drained it.</summary>
    Draining,

    /// <summary>Alive, and cannot serve: a critical dependency is missing.</summary>
    NotReady,

    /// <summary>Accepts connections, or did until now, and does not answer in time.</summary>
    Hung,

    /// <summary>Nothing listens on its port, or another program does.</summary>
    Down,
}

/// <summary>What a state means.</summary>
internal static class ReplicaStateMeaning
{
    extension(ReplicaState state)
    {
        /// <summary>Whether the replica answers at all.</summary>
        public bool IsAlive => state is not (ReplicaState.Unknown or ReplicaState.Hung or ReplicaState.Down);

        /// <summary>Whether it takes requests.</summary>
        public bool IsServing => state is ReplicaState.Serving or ReplicaState.Degraded;
    }
}
