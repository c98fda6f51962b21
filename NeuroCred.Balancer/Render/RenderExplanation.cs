using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Policy;
using static NeuroCred.Balancer.Deployment.SettingSupport;

namespace NeuroCred.Balancer.Render;

/// <summary>What Render makes of the policy: nginx's own part in NeuroCred's nginx, the rest in the Blueprint.</summary>
internal static class RenderExplanation
{
    internal static IReadOnlyList<SettingExplanation> Of(BalancingPolicy policy) =>
        NginxExplanations.Explain(
            policy,
            [
                new("Upstream:Port", Full, "`PORT` and `ASPNETCORE_HTTP_PORTS` of the replicas, and the port of nginx's `server`"),
                DomainName.Of(policy.ServerName) is null
                    ? new("ServerName", Full, "none in particular: the gateway's own name below onrender.com")
                    : new("ServerName", Full, "`domains`; the gateway's own name below onrender.com is served too"),
                GatewayService.Algorithm(policy),
                ImageWatchdog.Explain(policy.Health.Liveness),
                new(
                    "Health:Readiness",
                    Approximate,
                    "in band: a replica that is not ready answers 503, and the same request goes to another one. `healthCheckPath` "
                        + "of the gateway asks nginx whether any is ready, at Render's own pace: "
                        + "every few seconds, 5 s to answer; 15 s of failures take a gateway out, 60 s restart it"
                ),
                new("Tls:Certificate", NotApplicable, "Render issues and renews one for each domain"),
                new("Tls:CertificateKey", NotApplicable, "Render keeps it"),
                new("Tls:RedirectHttp", policy.Tls.RedirectHttp ? Approximate : Missing, "always: Render redirects plain HTTP, by 301"),
                policy.Tls.HstsMaxAge == TimeSpan.Zero
                    ? new("Tls:HstsMaxAge", Full, "not said: nothing is rendered")
                    : new("Tls:HstsMaxAge", Full, "`Strict-Transport-Security` from nginx, to whom Render's load balancer says https"),
                new(
                    "TrustedNetworks",
                    Full,
                    "`set_real_ip_from`, and `geo` for the scheme: Render's own network, and those given. To tell clients apart, "
                        + "give those of the network before Render's load balancer"
                ),
                .. GatewayService.Limits(policy, "the network before Render's load balancer"),
                new("Draining:Grace", Full, "`Draining__Grace`, a minute after traffic went to the new instances"),
                new(
                    "Draining:Timeout",
                    RenderTarget.ShutdownDelay(policy) > policy.Draining.Timeout.TotalSeconds ? Full : Approximate,
                    $"`Draining__Timeout`; `maxShutdownDelaySeconds` is {RenderTarget.ShutdownDelay(policy)}"
                ),
                new("Scaling:MinReplicas", Within(policy.Scaling.MinReplicas), Scaling(policy, "minInstances")),
                new("Scaling:MaxReplicas", Within(policy.Scaling.MaxReplicas), Scaling(policy, "maxInstances")),
                new("Scaling:CpuPercent", Full, Scaling(policy, "targetCPUPercent")),
                new("Scaling:MemoryPercent", Full, Scaling(policy, "targetMemoryPercent")),
                new("Scaling:QueueLength", Missing, "Render scales by processor and memory alone"),
            ]
        );

    private static SettingSupport Within(int replicas) => replicas <= RenderTarget.MostInstances ? Full : Approximate;

    private static string Scaling(BalancingPolicy policy, string field) =>
        policy.Scaling.MinReplicas == policy.Scaling.MaxReplicas
            ? "`numInstances`: as many as there ever are"
            : $"`{field}` of `scaling`, for which Render wants a Professional workspace; 100 instances at most";
}
