namespace NeuroCred.Benchmarks.Measurement;

/// <summary>Sums up what came of many requests.</summary>
internal static class Summary
{
    public static Measured Of(string fault, string contestant, IReadOnlyCollection<Outcome> outcomes, WriteAudit audit)
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

    private static string Describe(Outcome outcome) =>
        outcome switch
        {
            { Status: 503, HasRetryAfter: true } => "503 with Retry-After",
            { Status: { } status } => status.ToString(),
            { Latency: var latency } when latency >= OpenLoopClient.RequestTimeout => "no answer in 15 s",
            _ => "connection broken",
        };
}
