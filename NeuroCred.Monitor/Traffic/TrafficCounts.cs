namespace NeuroCred.Monitor.Traffic;

/// <summary>What was counted within some time.</summary>
internal sealed class TrafficCounts(int replicas)
{
    /// <summary>Requests as clients saw them.</summary>
    public GatewayCounts Gateway { get; } = new();

    /// <summary>Attempts per replica, by number.</summary>
    public ReplicaCounts[] Replicas { get; } = [.. Enumerable.Range(0, replicas).Select(_ => new ReplicaCounts())];

    /// <summary>Adds the counts of another time.</summary>
    public void Add(TrafficCounts other)
    {
        Gateway.Add(other.Gateway);
        for (var i = 0; i < Replicas.Length; i++)
        {
            Replicas[i].Add(other.Replicas[i]);
        }
    }
}
