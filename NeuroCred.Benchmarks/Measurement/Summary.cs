using System.Diagnostics;

namespace NeuroCred.Benchmarks.Measurement;

/// <summary>Sums up what came of many requests.</summary>
internal static class Summary
{
    /// <summary>Sums up what clients saw of a fault.</summary>
    /// <param name="fault">The fault's id.</param>
    /// <param name="contestant">The contestant's id.</param>
    /// <param name="outcomes">What became of the requests.</param>
    /// <param name="audit">What Postgres has of them.</param>
    /// <param name="returned">When what the fault took away was back; null where nothing was away.</param>
    public static Measured Of(
        string fault,
        string contestant,
        IReadOnlyCollection<Outcome> outcomes,
        WriteAudit audit,
        long? returned = null
    )
    {
        var latencies = Distribution.OfLatencies(outcomes);
        Outcome[] failed = [.. outcomes.Where(o => o.Failed)];
        return new(fault, contestant)
        {
            Requests = outcomes.Count,
            FailedReads = failed.Count(o => o.Item.Kind == Workload.Read),
            FailedWrites = failed.Count(o => o.Item.Kind != Workload.Read),
            ToldToRetry = failed.Count(o => o is { Status: 503, HasRetryAfter: true }),
            Median = latencies.Median,
            P99 = latencies.Percentile(0.99),
            Slowest = latencies.Greatest,
            AfterReturn = returned is { } from ? After(outcomes, from) : null,
            Lost = audit.Lost.Count,
            Doubled = audit.Doubled.Count,
            Recognised = outcomes.Count(o => o.WasResent),
            ByReplica = outcomes
                .Where(o => o.Replica is not null)
                .CountBy(o => o.Replica!)
                .OrderBy(r => r.Key, StringComparer.Ordinal)
                .ToDictionary(),
            Failures = failed.CountBy(Describe).OrderByDescending(f => f.Value).ToDictionary(),
        };
    }

    private static AfterReturn After(IEnumerable<Outcome> outcomes, long from)
    {
        Outcome[] then = [.. outcomes.Where(o => o.Due >= from && Stopwatch.GetElapsedTime(from, o.Due) < TimeSpan.FromSeconds(1))];
        return new(then.Count(o => o.Failed), Distribution.OfLatencies(then).Percentile(0.99));
    }

    private static string Describe(Outcome outcome) =>
        outcome switch
        {
            { Status: 503, HasRetryAfter: true } => "503 with Retry-After",
            { Status: { } status } => status.ToString(),
            { Latency: var latency } when latency >= OpenLoopClient.RequestTimeout => "no answer in 15 s",
            _ => "connection broken",
        };
}
