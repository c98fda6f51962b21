namespace NeuroCred.Monitor.Scraping;

/// <summary>What a replica says of itself over a window: what has come between two readings, and what there is now.</summary>
internal sealed record ServerNumbers
{
    /// <summary>From the first reading to the last.</summary>
    public required TimeSpan Length { get; init; }

    /// <summary>Requests of clients, from the replica's side.</summary>
    public DurationHistogram Requests { get; init; } = DurationHistogram.Empty;

    /// <summary>Statements in Postgres.</summary>
    public DurationHistogram Sql { get; init; } = DurationHistogram.Empty;

    /// <summary>Commands in Redis.</summary>
    public DurationHistogram Redis { get; init; } = DurationHistogram.Empty;

    /// <summary>Waiting for a connection of the pool.</summary>
    public DurationHistogram PoolWaits { get; init; } = DurationHistogram.Empty;

    /// <summary>Waiting in the queue of the concurrency limiter.</summary>
    public DurationHistogram QueueWaits { get; init; } = DurationHistogram.Empty;

    /// <summary>Requests that wait in the limiter's queue now.</summary>
    public double QueuedRequests { get; init; }

    /// <summary>Scores that the cache had.</summary>
    public double CacheHits { get; init; }

    /// <summary>Scores that it did not have.</summary>
    public double CacheMisses { get; init; }

    /// <summary>Scores for which it could not be asked.</summary>
    public double CacheUnavailable { get; init; }

    /// <summary>Whether it sends its traffic elsewhere now.</summary>
    public bool Draining { get; init; }

    /// <summary>WebSockets that are open now.</summary>
    public double LiveConnections { get; init; }

    /// <summary>For how long the garbage collector stopped everything.</summary>
    public double GcPauseSeconds { get; init; }

    /// <summary>How often it did.</summary>
    public double GcCollections { get; init; }

    /// <summary>How much work waited for a thread, on average over the readings.</summary>
    public double ThreadPoolQueue { get; init; }

    /// <summary>How much work threads have done.</summary>
    public double ThreadPoolItems { get; init; }

    /// <summary>The threads now.</summary>
    public double ThreadPoolThreads { get; init; }

    /// <summary>Processor time used.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>How many processors it may use.</summary>
    public double CpuCount { get; init; }

    /// <summary>How many connections its largest pool may open; 0 when it does not say.</summary>
    public double PoolSize { get; init; }

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
