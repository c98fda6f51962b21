namespace NeuroCred.Monitor.Model;

/// <summary>What the gateway did, by its access log.</summary>
internal interface ITrafficSource
{
    /// <summary>Adds up the last seconds, of two minutes at most.</summary>
    TrafficWindow Read(TimeSpan window);
}

/// <summary>What the probes found out.</summary>
internal interface IReplicaHealthSource
{
    /// <summary>All replicas, in the order of the configuration.</summary>
    IReadOnlyList<ReplicaHealth> Read();
}

/// <summary>What the replicas say of themselves on <c>/metrics</c>.</summary>
internal interface IReplicaMetricsSource
{
    /// <summary>Requests that a replica works on now; null when it does not say.</summary>
    long? ReadInFlight(string replica);
}

/// <summary>Says what is wrong.</summary>
internal interface IDiagnostician
{
    /// <summary>Looks at everything once more. Called once a second.</summary>
    Diagnosis Diagnose();
}

/// <summary>The moments, as they come.</summary>
internal interface ISnapshotFeed
{
    /// <summary>The latest one; null before the first.</summary>
    SystemSnapshot? Latest { get; }

    /// <summary>The latest one, and each later one. A reader that is slow misses some, and never makes others wait.</summary>
    IAsyncEnumerable<SystemSnapshot> ReadAsync(CancellationToken cancellationToken);
}
