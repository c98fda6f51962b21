namespace NeuroCred.Monitor.Scraping;

/// <summary>
/// What a replica says of itself. One reading has what has come since its process began, and what there is now; two of them have what has
/// come between, and what there was at the end.
/// </summary>
internal sealed record ReplicaMetrics
{
    /// <summary>From the first reading to the last; zero for one alone.</summary>
    public TimeSpan Length { get; init; }

    /// <summary>Requests under way, the reading's own not counted; null when it does not say.</summary>
    public double? ActiveRequests { get; init; }

    /// <summary>Requests of clients, from the replica's side, streams excepted: those last as long as they like.</summary>
    public DurationHistogram Requests { get; init; } = DurationHistogram.Empty;

    /// <summary>Statements in Postgres.</summary>
    public DurationHistogram Sql { get; init; } = DurationHistogram.Empty;

    /// <summary>Commands in Redis.</summary>
    public DurationHistogram Redis { get; init; } = DurationHistogram.Empty;

    /// <summary>Waiting for a connection of the pool.</summary>
    public DurationHistogram PoolWaits { get; init; } = DurationHistogram.Empty;

    /// <summary>Waiting in the queue of the concurrency limiter.</summary>
    public DurationHistogram QueueWaits { get; init; } = DurationHistogram.Empty;

    /// <summary>Requests that wait in the limiter's queue.</summary>
    public double QueuedRequests { get; init; }

    /// <summary>Scores that the cache had.</summary>
    public double CacheHits { get; init; }

    /// <summary>Scores that it did not have.</summary>
    public double CacheMisses { get; init; }

    /// <summary>Scores for which it could not be asked.</summary>
    public double CacheUnavailable { get; init; }

    /// <summary>Whether it sends its traffic elsewhere.</summary>
    public bool Draining { get; init; }

    /// <summary>WebSockets that are open.</summary>
    public double LiveConnections { get; init; }

    /// <summary>For how long the garbage collector stopped everything.</summary>
    public double GcPauseSeconds { get; init; }

    /// <summary>How often it did.</summary>
    public double GcCollections { get; init; }

    /// <summary>Work that waits for a thread; over a window, the average of all readings.</summary>
    public double ThreadPoolQueue { get; init; }

    /// <summary>Work that threads have done.</summary>
    public double ThreadPoolItems { get; init; }

    /// <summary>The threads.</summary>
    public double ThreadPoolThreads { get; init; }

    /// <summary>Processor time used.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>How many processors it may use.</summary>
    public double CpuCount { get; init; }

    /// <summary>How many connections its largest pool may open; 0 when it does not say.</summary>
    public double PoolSize { get; init; }

    /// <summary>What has come from the first of some readings to the last.</summary>
    public static ReplicaMetrics Between(TimeSpan length, IReadOnlyList<ReplicaMetrics> readings)
    {
        var (first, last) = (readings[0], readings[^1]);
        return last with
        {
            Length = length,
            Requests = last.Requests.Since(first.Requests),
            Sql = last.Sql.Since(first.Sql),
            Redis = last.Redis.Since(first.Redis),
            PoolWaits = last.PoolWaits.Since(first.PoolWaits),
            QueueWaits = last.QueueWaits.Since(first.QueueWaits),
            CacheHits = last.CacheHits - first.CacheHits,
            CacheMisses = last.CacheMisses - first.CacheMisses,
            CacheUnavailable = last.CacheUnavailable - first.CacheUnavailable,
            GcPauseSeconds = last.GcPauseSeconds - first.GcPauseSeconds,
            GcCollections = last.GcCollections - first.GcCollections,
            ThreadPoolQueue = readings.Average(r => r.ThreadPoolQueue),
            ThreadPoolItems = last.ThreadPoolItems - first.ThreadPoolItems,
            CpuSeconds = last.CpuSeconds - first.CpuSeconds,
        };
    }

    /// <summary>Whether another process said this than said the earlier reading: what only counts up has become less.</summary>
    public bool IsOfAnotherProcessThan(ReplicaMetrics earlier) =>
        CpuSeconds < earlier.CpuSeconds
        || Requests.Count < earlier.Requests.Count
        || GcCollections < earlier.GcCollections
        || ThreadPoolItems < earlier.ThreadPoolItems;
}
