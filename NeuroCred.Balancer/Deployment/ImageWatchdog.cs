using NeuroCred.Balancer.Policy;

namespace NeuroCred.Balancer.Deployment;

/// <summary>
/// The variables of the service's image (eng/images/service/serve) by which it ends a replica that hangs, for platforms that do not do so
/// themselves. Each restarts what has ended.
/// </summary>
internal static class ImageWatchdog
{
    /// <summary>How long a busy replica may take to answer, in seconds. Other health checks must allow at least as long.</summary>
    internal const int BusySeconds = 10;

    /// <summary>The variables, with the policy's liveness probe.</summary>
    internal static IReadOnlyList<(string Name, string Value)> Variables(ProbePolicy probe) =>
        [
            ("LIVENESS_PATH", probe.Path),
            ("LIVENESS_INTERVAL", Seconds(probe.Interval)),
            ("LIVENESS_TIMEOUT", Seconds(probe.Timeout)),
            ("LIVENESS_FAILURES", probe.UnhealthyThreshold.ToString()),
        ];

    /// <summary>What the watchdog makes of the probe.</summary>
    internal static SettingExplanation Explain(ProbePolicy probe)
    {
        var (support, difference) =
            probe.HealthyThreshold == 1 ? (SettingSupport.Full, "") : (SettingSupport.Approximate, "; one success is enough");
        return new(
            "Health:Liveness",
            support,
            $"the image's watchdog (`LIVENESS_...`) ends what hangs, and the platform starts it again{difference}"
        );
    }

    private static string Seconds(TimeSpan value) => value.TotalSeconds.ToString("0.###");
}
