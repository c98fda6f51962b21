using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.Balancer.Alb;

/// <summary>A health check within the bounds of a target group.
/// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html</summary>
/// <param name="Interval">Seconds, 5 to 300.</param>
/// <param name="Timeout">Seconds, 2 to 120, and less than the interval.</param>
/// <param name="Successes">2 to 10.</param>
/// <param name="Failures">2 to 10.</param>
internal sealed record AlbProbe(int Interval, int Timeout, int Successes, int Failures)
{
    private const int LeastInterval = 5;
    private const int MostInterval = 300;
    private const int LeastTimeout = 2;
    private const int MostTimeout = 120;
    private const int LeastThreshold = 2;
    private const int MostThreshold = 10;

    internal static AlbProbe Of(ProbePolicy probe)
    {
        var interval = WholeSeconds.Up(probe.Interval, LeastInterval, MostInterval);
        return new(
            interval,
            WholeSeconds.Up(probe.Timeout, LeastTimeout, Math.Min(MostTimeout, interval - 1)),
            Math.Clamp(probe.HealthyThreshold, LeastThreshold, MostThreshold),
            Math.Clamp(probe.UnhealthyThreshold, LeastThreshold, MostThreshold)
        );
    }

    /// <summary>Whether it is what the policy says.</summary>
    internal bool Is(ProbePolicy probe) =>
        (TimeSpan.FromSeconds(Interval), TimeSpan.FromSeconds(Timeout), Successes, Failures)
        == (probe.Interval, probe.Timeout, probe.HealthyThreshold, probe.UnhealthyThreshold);
}
