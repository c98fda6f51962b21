namespace NeuroCred.Monitor.Traffic;

/// <summary>The counts of one second.</summary>
internal sealed class TrafficSecond(int replicas)
{
    /// <summary>Which second since the monitor's start; -1 if none yet.</summary>
    public long Second { get; private set; } = -1;

    /// <summary>Requests as clients saw them.</summary>
    public GatewayCounts Gateway { get; } = new();

    /// <summary>Attempts per replica, by number.</summary>
    public ReplicaCounts[] Replicas { get; } = [.. Enumerable.Range(0, replicas).Select(_ => new ReplicaCounts())];

    /// <summary>Removes all counts and begins another second.</summary>
    public void Begin(long second)
    {
        Second = second;
        Gateway.Clear();
        foreach (var replica in Replicas)
        {
            replica.Clear();
        }
    }

    /// <summary>Adds the counts of another second.</summary>
    public void Add(TrafficSecond other)
    {
        Gateway.Add(other.Gateway);
        for (var i = 0; i < Replicas.Length; i++)
        {
            Replicas[i].Add(other.Replicas[i]);
        }
    }
}
