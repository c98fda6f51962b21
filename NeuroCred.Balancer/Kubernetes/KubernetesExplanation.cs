using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Policy;
using static NeuroCred.Balancer.Deployment.SettingSupport;

namespace NeuroCred.Balancer.Kubernetes;

/// <summary>What Kubernetes makes of the policy: nginx's own part in NeuroCred's nginx, the rest in the cluster's objects.</summary>
internal static class KubernetesExplanation
{
    /// <summary>The requests that wait on a replica, as ASP.NET Core measures them and Prometheus writes them.</summary>
    internal const string QueueMetric = "aspnetcore_rate_limiting_queued_requests";

    internal static IReadOnlyList<SettingExplanation> Of(BalancingPolicy policy) =>
        NginxExplanations.Explain(
            policy,
            [
                new(
                    "Upstream:Port",
                    Full,
                    "the port of the container `api` and of the Service of the same name, which is that of nginx's `server`"
                ),
                ServerName(policy),
                Algorithm(policy),
                Liveness(policy.Health.Liveness),
                Readiness(policy.Health.Readiness),
                new("Tls:Certificate", NotApplicable, "the cluster's Gateway ends TLS, with a certificate of its own"),
                new("Tls:CertificateKey", NotApplicable, "the cluster's Gateway ends TLS, with a certificate of its own"),
                policy.Tls.RedirectHttp
                    ? new(
                        "Tls:RedirectHttp",
                        Approximate,
                        "an HTTPRoute with `RequestRedirect` on the Gateway's listener `http`: 301, which all Gateways have, instead of 308"
                    )
                    : new("Tls:RedirectHttp", Full, "off: the HTTPRoute takes requests of all the Gateway's listeners"),
                policy.Tls.HstsMaxAge == TimeSpan.Zero
                    ? new("Tls:HstsMaxAge", Full, "not said: nothing is rendered")
                    : new(
                        "Tls:HstsMaxAge",
                        policy.TrustedNetworks is [] ? Approximate : Full,
                        "`Strict-Transport-Security` from nginx, to whom the Gateway says https; that is believed of "
                            + "`TrustedNetworks` alone"
                    ),
                policy.TrustedNetworks is []
                    ? new(
                        "TrustedNetworks",
                        Full,
                        "none: nginx takes the Gateway for the client. Set it to the network of the Gateway's pods to see clients"
                    )
                    : new("TrustedNetworks", Full, "`set_real_ip_from`, and `geo` for the scheme: the network of the Gateway's pods"),
                .. GatewayService.Limits(policy, "the Gateway"),
                new(
                    "Draining:Grace",
                    Full,
                    "`Draining__Grace` of each replica, after a `preStop` of 8 s in which nginx learns that it leaves"
                ),
                new(
                    "Draining:Timeout",
                    Full,
                    $"`Draining__Timeout`; `terminationGracePeriodSeconds` is {KubernetesTimes.TerminationGrace(policy)}: `preStop`, "
                        + "this, and 2 s"
                ),
                new("Scaling:MinReplicas", Full, "`minReplicas` of the HorizontalPodAutoscaler"),
                new("Scaling:MaxReplicas", Full, "`maxReplicas` of the HorizontalPodAutoscaler"),
                new("Scaling:CpuPercent", Full, "`averageUtilization` of `cpu`"),
                new("Scaling:MemoryPercent", Full, "`averageUtilization` of `memory`"),
                new(
                    "Scaling:QueueLength",
                    Full,
                    $"`averageValue` of the Pods metric `{QueueMetric}`, by the component `queue-length/`, "
                        + "for clusters with an adapter that serves it"
                ),
            ]
        );

    private static SettingExplanation ServerName(BalancingPolicy policy) =>
        DomainName.Of(policy.ServerName) is null
            ? new("ServerName", Full, "no `hostnames` in the HTTPRoute: all of them; nginx's `server_name`")
            : new(
                "ServerName",
                Approximate,
                "`hostnames` of the HTTPRoute, and nginx's `server_name`; requests for other names do not get as far as nginx"
            );

    private static SettingExplanation Algorithm(BalancingPolicy policy) =>
        policy.Algorithm == BalancingAlgorithm.IpHash
            ? new(
                "Algorithm",
                Approximate,
                "`ip_hash`, by the address that `TrustedNetworks` lets nginx see; by each nginx on its own, so that a client may "
                    + "have two replicas"
            )
            : GatewayService.Algorithm(policy);

    private static SettingExplanation Liveness(ProbePolicy probe)
    {
        var watchdog = ImageWatchdog.Explain(probe);
        return watchdog with
        {
            Expression =
                $"{watchdog.Expression}; `startupProbe` until it first answers, and a `livenessProbe` of 10 s "
                + "in case the watchdog hangs too",
        };
    }

    private static SettingExplanation Readiness(ProbePolicy probe)
    {
        var asked = probe with
        {
            Interval = TimeSpan.FromSeconds(Math.Min(probe.Interval.TotalSeconds, KubernetesTimes.LongestReadinessInterval)),
        };
        return new(
            "Health:Readiness",
            Approximate,
            "`readinessProbe`, every 5 s at the latest, and one success is enough: a new pod waits for it; until it has failed "
                + "often enough, a replica's 503 "
                + $"sends the same request to another one{Rounded(asked)}"
        );
    }

    private static string Rounded(ProbePolicy probe) =>
        string.Concat(
            ((string[])[WholeSeconds.Difference(probe.Interval), WholeSeconds.Difference(probe.Timeout)])
                .Where(difference => difference.Length > 0)
                .Distinct()
                .Select(difference => $"; {difference}")
        );
}
