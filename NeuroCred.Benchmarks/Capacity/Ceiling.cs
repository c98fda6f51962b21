using NeuroCred.Benchmarks.Cost;

namespace NeuroCred.Benchmarks.Capacity;

/// <summary>The highest request rate that a limit allows.</summary>
internal static class Ceiling
{
    private const double Highest = 1e8;

    // AWS, Amazon EBS volume types: what a gp3 volume takes unless more is paid for.
    private const double LogBytesPerSecond = 125 * 1024 * 1024;

    /// <summary>The limits of every target: there is one Postgres and one Redis.</summary>
    public static IReadOnlyList<Limit> CommonLimits { get; } =
    [
        new("Redis", "one Redis: its one processor", "measured", needs => needs.RedisCores, 1),
        new(
            "announcing",
            "one Redis: its processor, for telling every replica of new scores alone",
            "measured",
            needs => needs.AnnouncementCores,
            1
        ),
        new("Postgres", "one Postgres: its processors", "assumed: 64", needs => needs.Demand.PostgresCores, Target.LargestHost),
        new(
            "log",
            "one Postgres: its log, on a disk for 125 MiB/s",
            "AWS, Amazon EBS volume types (gp3)",
            needs => needs.Demand.WalBytesPerSecond,
            LogBytesPerSecond
        ),
        new(
            "hearing",
            "every replica hears of every new score, until it has time for nothing else",
            "measured",
            needs => needs.Working is null ? 1 : 0,
            0
        ),
    ];

    /// <summary>The highest requests per second within a target's limit; infinity if there is no bound.</summary>
    public static double Of(CostReport costs, Mix mix, Target target, Limit limit)
    {
        // Needs grow with the rate, so the rate at which one exceeds its limit is found by halving.
        var (low, high) = (1.0, Highest);
        if (limit.Allows(Needs.Of(new(costs, mix, high), target)))
        {
            return double.PositiveInfinity;
        }

        while (high / low > 1.0001)
        {
            var middle = Math.Sqrt(low * high);
            (low, high) = limit.Allows(Needs.Of(new(costs, mix, middle), target)) ? (middle, high) : (low, middle);
        }

        return low;
    }
}
