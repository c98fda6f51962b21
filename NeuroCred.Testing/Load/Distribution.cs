namespace NeuroCred.Testing.Load;

/// <summary>How values are distributed.</summary>
/// <param name="values">The values, in any order.</param>
public sealed class Distribution(IEnumerable<double> values)
{
    private readonly double[] _sorted = [.. values.Order()];

    /// <summary>The value that half of all values do not exceed; 0 of no values.</summary>
    public double Median => Percentile(0.5);

    /// <summary>The greatest value; 0 of no values.</summary>
    public double Greatest => Percentile(1);

    /// <summary>The latencies of requests, in milliseconds.</summary>
    public static Distribution OfLatencies(IEnumerable<Outcome> outcomes) => new(outcomes.Select(o => o.Latency.TotalMilliseconds));

    /// <summary>What clients noticed, on one line: requests, failures, and the median, the 99th percentile and the slowest.</summary>
    public static string Describe(IReadOnlyCollection<Outcome> outcomes)
    {
        var latencies = OfLatencies(outcomes);
        return $"{outcomes.Count} requests, {outcomes.Count(o => o.Failed)} failed; "
            + $"p50 {latencies.Median:0.0} ms, p99 {latencies.Percentile(0.99):0.0} ms, slowest {latencies.Greatest:0} ms";
    }

    /// <summary>The smallest value that is not exceeded by a share of all values (nearest rank); 0 of no values.</summary>
    /// <param name="share">From 0 to 1.</param>
    public double Percentile(double share) =>
        _sorted.Length == 0 ? 0 : _sorted[Math.Clamp((int)Math.Ceiling(share * _sorted.Length) - 1, 0, _sorted.Length - 1)];
}
