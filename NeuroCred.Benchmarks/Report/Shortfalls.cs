using NeuroCred.Benchmarks.Faults;
using NeuroCred.Benchmarks.Measurement;

namespace NeuroCred.Benchmarks.Report;

/// <summary>Says where the first contestant is not the best. What counts: lost and doubled writes, then failed requests, then the slowest
/// request, or, where nothing happens, the p99.</summary>
internal static class Shortfalls
{
    // The slowest of some thousand requests differs by chance from one run to the next.
    private const double Noise = 1.25;
    private static readonly TimeSpan s_noise = TimeSpan.FromMilliseconds(150),
        s_p99Noise = TimeSpan.FromMilliseconds(2);

    /// <summary>A sentence for each fault that another contestant took better.</summary>
    public static IReadOnlyList<string> Find(FailoverReport report)
    {
        var sentences = new List<string>();
        foreach (var fault in report.Faults)
        {
            if (report.Find(fault.Id, report.Contestants[0].Id) is not { } own)
            {
                continue;
            }

            foreach (var other in report.Contestants.Skip(1))
            {
                if (report.Find(fault.Id, other.Id) is { } measured && WhyBetter(measured, own) is { } reason)
                {
                    sentences.Add($"{fault.Name}: {other.Name} had {reason}.");
                }
            }
        }

        return sentences;
    }

    private static string? WhyBetter(Measured other, Measured own)
    {
        var (wrong, ownWrong) = (other.Lost + other.Doubled, own.Lost + own.Doubled);
        if (wrong != ownWrong)
        {
            return wrong < ownWrong ? $"{wrong} lost or doubled writes, against {ownWrong}" : null;
        }

        // In an outage of a dependency, a request fails for each second that passes: a few more or less say nothing.
        if (Math.Abs(other.Failed - own.Failed) > Math.Max(0, Math.Min(other.ToldToRetry, own.ToldToRetry) * (Noise - 1)))
        {
            return other.Failed < own.Failed ? $"{other.Failed} failed requests, against {own.Failed}" : null;
        }

        if (own.Fault == FaultCatalogue.Steady)
        {
            return own.P99 > (other.P99 * Noise) && own.P99 > other.P99 + s_p99Noise.TotalMilliseconds
                ? $"a p99 of {other.P99:0} ms, against {own.P99:0} ms"
                : null;
        }

        return own.Slowest > (other.Slowest * Noise) && own.Slowest > other.Slowest + s_noise.TotalMilliseconds
            ? $"its slowest request in {other.Slowest:0} ms, against {own.Slowest:0} ms"
            : null;
    }
}
