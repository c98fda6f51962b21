using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.Balancer.Kubernetes;

/// <summary>How long a pod takes to leave, in seconds.</summary>
internal static class KubernetesTimes
{
    /// <summary>
    /// How long a pod that leaves goes on as before, because others still send it requests. The cluster's DNS may tell an old answer for 5
    /// s (CoreDNS's TTL for Services), nginx asks it every second, and the change needs a moment to reach either.
    /// </summary>
    internal const int PreStop = 8;

    // https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#progress-deadline-seconds
    private const int DefaultProgressDeadline = 600;

    /// <summary>The longest interval at which readiness is asked, in seconds.</summary>
    internal const int LongestReadinessInterval = 5;

    /// <summary>What nginx has in all.</summary>
    internal const int GatewayTerminationGrace = PreStop + GatewayService.ShutdownSeconds;

    /// <summary>
    /// How often readiness is asked: as the policy says, but at least every 5 s, and one success is enough. A new pod waits for its first
    /// answer; a load balancer's 30 s and two successes would hold each one back for up to a minute.
    /// </summary>
    internal static int ReadinessInterval(BalancingPolicy policy) =>
        Math.Min(WholeSeconds.Up(policy.Health.Readiness.Interval), LongestReadinessInterval);

    /// <summary>
    /// How long an update may wait for one replica: what Kubernetes gives by default, beside the time for which a new replica has to be
    /// ready. Kubernetes refuses a Deployment whose deadline is not longer than that time, and a replica may have an hour to leave.
    /// </summary>
    internal static int ProgressDeadline(BalancingPolicy policy) => DefaultProgressDeadline + TerminationGrace(policy);

    /// <summary>What a replica has in all: nothing of it may be cut short by the kubelet.</summary>
    internal static int TerminationGrace(BalancingPolicy policy) => PreStop + WholeSeconds.UntilEnd(policy.Draining);
}
