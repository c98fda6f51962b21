namespace NeuroCred.Monitor.Scraping;

/// <summary>What a replica says of itself over a window: between two readings, and at the second. Work that waits for a thread is the
/// average of all readings.</summary>
internal sealed record ServerNumbers : ServerFigures
{
    /// <summary>From the first reading to the last.</summary>
    public required TimeSpan Length { get; init; }

    /// <summary>What has come from the first of some readings to the last.</summary>
    public static ServerNumbers Between(TimeSpan length, IReadOnlyList<ServerReading> readings)
    {
        var (first, last) = (readings[0], readings[^1]);
        return new()
        {
            Length = length,
            Requests = last.Requests.Since(first.Requests),
            Sql = last.Sql.Since(first.Sql),
            Redis = last.Redis.Since(first.Redis),
            PoolWaits = last.PoolWaits.Since(first.PoolWaits),
            QueueWaits = last.QueueWaits.Since(first.QueueWaits),
            QueuedRequests = last.QueuedRequests,
            CacheHits = last.CacheHits - first.CacheHits,
            CacheMisses = last.CacheMisses - first.CacheMisses,
            CacheUnavailable = last.CacheUnavailable - first.CacheUnavailable,
            Draining = last.Draining,
            LiveConnections = last.LiveConnections,
            GcPauseSeconds = last.GcPauseSeconds - first.GcPauseSeconds,
            GcCollections = last.GcCollections - first.GcCollections,
            ThreadPoolQueue = readings.Average(r => r.ThreadPoolQueue),
            ThreadPoolItems = last.ThreadPoolItems - first.ThreadPoolItems,
            ThreadPoolThreads = last.ThreadPoolThreads,
            CpuSeconds = last.CpuSeconds - first.CpuSeconds,
            CpuCount = last.CpuCount,
            PoolSize = last.PoolSize,
        };
    }
}
