using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Policy;
using static NeuroCred.Balancer.Deployment.SettingSupport;

namespace NeuroCred.Balancer.Render;

/// <summary>What Render makes of the policy.</summary>
internal static class RenderExplanation
{
    private const string Own = "Render's load balancer has its own, and no setting for it";
    private const string NoAffinity = "none: Render has no affinity; a WebSocket stays where it is as long as it lasts";
    private const string NoHolding = "Render holds no request: the client gets the 502 at once";
    private const string NoRetry = "not promised by Render: the client gets a 502, and may resend, since every write is idempotent";
    private const string NoFailures = "failed requests count for nothing, the health check alone does";
    private const string NoLimit = "none at the load balancer";

    internal static IReadOnlyList<SettingExplanation> Of(BalancingPolicy policy) =>
        [
            new("Upstream:Name", Missing, "the service is called `neurocred-api`"),
            new("Upstream:Port", Full, "`PORT` and `ASPNETCORE_HTTP_PORTS`"),
            DomainName.Of(policy.ServerName) is null
                ? new("ServerName", Full, "none in particular: the service's own name below onrender.com")
                : new("ServerName", Full, "`domains`; the service's own name below onrender.com is served too"),
            new(
                "Algorithm",
                policy.Algorithm == BalancingAlgorithm.LeastConnections ? Approximate : Missing,
                "Render spreads requests over the instances as it sees fit, without affinity"
            ),
            new(
                "Affinity:Cookie",
                policy.Algorithm == BalancingAlgorithm.CookieHash ? Missing : Full,
                policy.Algorithm == BalancingAlgorithm.CookieHash ? NoAffinity : "used with `cookie_hash` only"
            ),
            new(
                "Affinity:Duration",
                policy.Algorithm == BalancingAlgorithm.CookieHash ? Missing : Full,
                policy.Algorithm == BalancingAlgorithm.CookieHash ? NoAffinity : "used with `cookie_hash` only"
            ),
            ImageWatchdog.Explain(policy.Health.Liveness),
            new(
                "Health:Readiness",
                Approximate,
                "`healthCheckPath`, at Render's own pace: every few seconds, 5 s to answer; 15 s of failures take an instance out, 60 s restart it"
            ),
            new("Failures:MaxFails", Missing, NoFailures),
            new("Failures:FailTimeout", Missing, NoFailures),
            new("Timeouts:Connect", Missing, Own),
            new("Timeouts:Send", Missing, Own),
            new("Timeouts:Read", Missing, "Render waits up to 100 minutes for a response; the Api bounds its own work to a few seconds"),
            new("Timeouts:Stream", Missing, "Render sets no limit to a WebSocket; a replica's pings end those whose client has gone"),
            new("Timeouts:Client", Missing, Own),
            new("Retries:Conditions", policy.Retries.Conditions is [] ? Full : Missing, NoRetry),
            new("Retries:Tries", policy.Retries.Tries == 1 ? Full : Missing, NoRetry),
            new("Retries:TotalTime", Missing, NoRetry),
            new("Holding:Time", policy.Holding.Time == TimeSpan.Zero ? Full : Missing, NoHolding),
            new("Holding:Limit", Missing, NoHolding),
            new("Keepalive:Connections", Missing, Own),
            new("Keepalive:IdleTimeout", Missing, Own),
            new("Tls:Certificate", Missing, "Render issues and renews one for each domain"),
            new("Tls:CertificateKey", Missing, "Render keeps it"),
            new("Tls:RedirectHttp", policy.Tls.RedirectHttp ? Approximate : Missing, "always: Render redirects plain HTTP, by 301"),
            new(
                "Tls:HstsMaxAge",
                Full,
                policy.Tls.HstsMaxAge == TimeSpan.Zero ? "not said: `Tls__HstsMaxAge` is 0" : "`Tls__HstsMaxAge` of each replica"
            ),
            new(
                "TrustedNetworks",
                policy.TrustedNetworks is [] ? Full : Missing,
                "a replica believes Render's own network, the nearest hop"
            ),
            new("Limits:MaxBodySize", Missing, $"{NoLimit}; the replicas have their own"),
            new(
                "Limits:ConnectionsPerClient",
                policy.Limits.ConnectionsPerClient == 0 ? Full : Missing,
                policy.Limits.ConnectionsPerClient == 0 ? "any number" : NoLimit
            ),
            new(
                "Limits:RequestsPerSecond",
                policy.Limits.RequestsPerSecond == 0 ? Full : Missing,
                policy.Limits.RequestsPerSecond == 0 ? "any number" : NoLimit
            ),
            new(
                "Limits:Burst",
                policy.Limits.RequestsPerSecond == 0 ? Full : Missing,
                policy.Limits.RequestsPerSecond == 0 ? "no rate, no burst" : NoLimit
            ),
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
        ];

    private static SettingSupport Within(int replicas) => replicas <= RenderTarget.MostInstances ? Full : Approximate;

    private static string Scaling(BalancingPolicy policy, string field) =>
        policy.Scaling.MinReplicas == policy.Scaling.MaxReplicas
            ? "`numInstances`: as many as there ever are"
            : $"`{field}` of `scaling`, for which Render wants a Professional workspace; 100 instances at most";
}
