namespace NeuroCred.Monitor.Traffic;

/// <summary>What the log told within one second.</summary>
internal sealed class TrafficSecond(int replicas)
{
    /// <summary>Which second, by the monitor's clock; -1 when it was none yet.</summary>
    public long Second { get; private set; } = -1;

    /// <summary>What clients saw.</summary>
    public GatewayCounts Gateway { get; } = new();

    /// <summary>The replicas, in the order of the configuration.</summary>
    public ReplicaCounts[] Replicas { get; } = [.. Enumerable.Range(0, replicas).Select(_ => new ReplicaCounts())];

    /// <summary>Begins another second.</summary>
    public void Begin(long second)
    {
        Second = second;
        Gateway.Clear();
        foreach (var replica in Replicas)
        {
            replica.Clear();
        }
    }

    /// <summary>Counts what another second counted.</summary>
    public void Add(TrafficSecond other)
    {
        Gateway.Add(other.Gateway);
        for (var i = 0; i < Replicas.Length; i++)
        {
            Replicas[i].Add(other.Replicas[i]);
        }
    }
}
