namespace NeuroCred.Benchmarks.Measurement;

/// <summary>What clients saw of one fault behind one contestant.</summary>
/// <param name="Fault">The fault's id.</param>
/// <param name="Contestant">The contestant's id.</param>
internal sealed record Measured(string Fault, string Contestant)
{
    /// <summary>When it was measured.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Requests sent.</summary>
    public int Requests { get; init; }

    /// <summary>Reads without a successful answer.</summary>
    public int FailedReads { get; init; }

    /// <summary>Writes without a successful answer.</summary>
    public int FailedWrites { get; init; }

    /// <summary>Of the failed: told by a 503 with Retry-After to come back.</summary>
    public int ToldToRetry { get; init; }

    /// <summary>Milliseconds from the intended start to the complete answer, or to the failure: half of all requests were faster.</summary>
    public double Median { get; init; }

    /// <summary>Milliseconds that 99 % of all requests did not exceed.</summary>
    public double P99 { get; init; }

    /// <summary>Milliseconds of the slowest.</summary>
    public double Slowest { get; init; }

    /// <summary>Milliseconds that half of a replica's answers took right before, asked one by one without a gateway; null where no
    /// program takes a replica's place.</summary>
    public double? HealthyMedian { get; init; }

    /// <summary>What clients saw of requests that were due in the second after what was away had come back; null where nothing
    /// was.</summary>
    public AfterReturn? AfterReturn { get; init; }

    /// <summary>Writes acknowledged, and not in Postgres afterwards.</summary>
    public int Lost { get; init; }

    /// <summary>Writes that are in Postgres more than once.</summary>
    public int Doubled { get; init; }

    /// <summary>Writes that reached the replicas more than once, and were stored once because the replicas recognised them.</summary>
    public int Recognised { get; init; }

    /// <summary>Answers by the replica that gave them.</summary>
    public IReadOnlyDictionary<string, int> ByReplica { get; init; } = new Dictionary<string, int>();

    /// <summary>The different ways in which requests failed, with how often.</summary>
    public IReadOnlyDictionary<string, int> Failures { get; init; } = new Dictionary<string, int>();

    /// <summary>Requests without a successful answer.</summary>
    public int Failed => FailedReads + FailedWrites;
}

/// <summary>Requests of the second after a return.</summary>
/// <param name="Failed">Those without a successful answer.</param>
/// <param name="P99">Milliseconds that 99 % of them did not exceed.</param>
internal sealed record AfterReturn(int Failed, double P99);
