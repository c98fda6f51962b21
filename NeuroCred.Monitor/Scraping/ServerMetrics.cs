using System.Collections.Concurrent;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Scraping;

/// <summary>What the replicas say of themselves.</summary>
internal interface IServerMetricsSource
{
    /// <summary>What a replica said within the last seconds; null when it does not say.</summary>
    ServerNumbers? Read(string replica, TimeSpan window);
}

/// <summary>The readings of all replicas.</summary>
internal sealed class ServerMetrics(TimeProvider time) : IReplicaMetricsSource, IServerMetricsSource
{
    private readonly ConcurrentDictionary<string, ServerHistory> _histories = new(StringComparer.Ordinal);

    public long? ReadInFlight(string replica) => (long?)_histories.GetValueOrDefault(replica)?.Latest?.ActiveRequests;

    public ServerNumbers? Read(string replica, TimeSpan window) => _histories.GetValueOrDefault(replica)?.Read(window);

    /// <summary>Keeps what a replica has just said.</summary>
    public void Add(string replica, ServerReading reading) => _histories.GetOrAdd(replica, _ => new(time)).Add(reading);

    /// <summary>Forgets what a replica has said, once it is not watched any more.</summary>
    public void Remove(string replica) => _histories.TryRemove(replica, out _);
}
