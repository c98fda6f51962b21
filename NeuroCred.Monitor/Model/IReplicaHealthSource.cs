namespace NeuroCred.Monitor.Model;

/// <summary>The health of the replicas, by the probes.</summary>
internal interface IReplicaHealthSource
{
    /// <summary>All replicas, by their numbers.</summary>
    IReadOnlyList<ReplicaHealth> Read();
}
