using System.Collections.Concurrent;

namespace NeuroCred.Monitor.Scraping;

/// <summary>What the replicas say of themselves on <c>/metrics</c>.</summary>
internal sealed class ReplicaMetricsStore(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ReplicaMetricsHistory> _histories = new(StringComparer.Ordinal);

    /// <summary>Requests that a replica works on now; null if it does not report them.</summary>
    public long? ReadInFlight(string replica) => (long?)_histories.GetValueOrDefault(replica)?.Latest?.ActiveRequests;

    /// <summary>What a replica said within the last seconds; null when it does not say.</summary>
    public ReplicaMetrics? Read(string replica, TimeSpan window) => _histories.GetValueOrDefault(replica)?.Read(window);

    /// <summary>Keeps what a replica has just said.</summary>
    public void Add(string replica, ReplicaMetrics reading) => _histories.GetOrAdd(replica, _ => new(time)).Add(reading);

    /// <summary>Forgets what a replica has said, once it is not watched any more.</summary>
    public void Remove(string replica) => _histories.TryRemove(replica, out _);
}
