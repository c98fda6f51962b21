namespace NeuroCred.Monitor.Scraping;

/// <summary>What a replica says of itself: what has come within some time, and what there is at the end of it.</summary>
internal abstract record ServerFigures
{
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

    /// <summary>Work that waits for a thread.</summary>
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
}
