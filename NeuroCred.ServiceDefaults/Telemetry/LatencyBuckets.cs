using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace NeuroCred.ServiceDefaults.Telemetry;

/// <summary>
/// One set of buckets for every latency, from a millisecond to the ten seconds after which the gateway gives up, so that the parts of a
/// request can be compared with the whole. What .NET suggests by itself begins at 5 ms, where most requests have ended.
/// </summary>
internal static class LatencyBuckets
{
    private static readonly ExplicitBucketHistogramConfiguration s_latencies = new()
    {
        Boundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    /// <summary>The view of an instrument; null leaves it as it is: how long a connection lives is no latency.</summary>
    public static MetricStreamConfiguration? Choose(Instrument instrument) =>
        instrument is Histogram<double> { Unit: "s" } && !instrument.Name.EndsWith("connection.duration", StringComparison.Ordinal)
            ? s_latencies
            : null;
}
