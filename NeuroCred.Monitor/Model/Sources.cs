namespace NeuroCred.Monitor.Model;

/// <summary>The traffic of the gateway, by its access log.</summary>
internal interface ITrafficSource
{
    /// <summary>Adds up the last seconds, of two minutes at most.</summary>
    TrafficWindow Read(TimeSpan window);
}

/// <summary>The health of the replicas, by the probes.</summary>
internal interface IReplicaHealthSource
{
    /// <summary>All replicas, by their numbers.</summary>
    IReadOnlyList<ReplicaHealth> Read();
}

/// <summary>What the replicas report on <c>/metrics</c>.</summary>
internal interface IReplicaMetricsSource
{
    /// <summary>Requests that a replica works on now; null if it does not report them.</summary>
    long? ReadInFlight(string replica);
}

/// <summary>Finds what is wrong.</summary>
internal interface IDiagnostician
{
    /// <summary>Diagnoses the system as it is now. Called once a second.</summary>
    Diagnosis Diagnose();
}

/// <summary>The snapshots, as they are made.</summary>
internal interface ISnapshotFeed
{
    /// <summary>The latest one; null before the first.</summary>
    SystemSnapshot? Latest { get; }

    /// <summary>The latest one, and each later one. A reader that is slow misses some, and never makes others wait.</summary>
    IAsyncEnumerable<SystemSnapshot> ReadAsync(CancellationToken cancellationToken);
}
