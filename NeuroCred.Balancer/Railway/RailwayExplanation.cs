using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Policy;
using static NeuroCred.Balancer.Deployment.SettingSupport;

namespace NeuroCred.Balancer.Railway;

/// <summary>What Railway makes of the policy.</summary>
internal static class RailwayExplanation
{
    private const string Own = "Railway's edge has its own, and no setting for it";
    private const string NoAffinity = "none: Railway has no sticky sessions; a WebSocket stays where it is as long as it lasts";
    private const string NoHolding = "Railway holds no request: the client gets the 502 at once";
    private const string NoRetry = "not promised by Railway: the client gets a 502, and may resend, since every write is idempotent";
    private const string NoFailures = "a replica that fails requests goes on getting them until it ends";
    private const string NoScaling = "Railway adds no replica by itself: `railway scale`, or another number here";

    internal static IReadOnlyList<SettingExplanation> Of(BalancingPolicy policy) =>
        [
            new("Upstream:Name", Missing, "the service is called `api`"),
            new("Upstream:Port", Full, "`PORT`, `ASPNETCORE_HTTP_PORTS`, and the port of the domain"),
            DomainName.Of(policy.ServerName) is null
                ? new("ServerName", Full, "none in particular: the name that Railway gives, by `railway domain`")
                : new("ServerName", Full, "`domains`"),
            new("Algorithm", Missing, "a replica is chosen at random; among the nearest region's where there are several"),
            Affinity(policy, "Affinity:Cookie"),
            Affinity(policy, "Affinity:Duration"),
            ImageWatchdog.Explain(policy.Health.Liveness),
            new(
                "Health:Readiness",
                Approximate,
                "`healthcheck`: until a new version has answered 200, for 5 minutes at most, and never again"
            ),
            new("Failures:MaxFails", Missing, NoFailures),
            new("Failures:FailTimeout", Missing, NoFailures),
            new("Timeouts:Connect", Missing, Own),
            new("Timeouts:Send", Missing, "Railway's own: a body must have arrived within 5 minutes"),
            new(
                "Timeouts:Read",
                Missing,
                "Railway's own: 5 minutes of silence, 15 minutes in all; the Api bounds its own work to a few seconds"
            ),
            new("Timeouts:Stream", Missing, "Railway's own: a WebSocket has no limit, a stream of events lasts 15 minutes"),
            new("Timeouts:Client", Missing, "Railway's own: an idle connection lasts 60 s, a body must have arrived within 5 minutes"),
            new("Retries:Conditions", policy.Retries.Conditions is [] ? Full : Missing, NoRetry),
            new("Retries:Tries", policy.Retries.Tries == 1 ? Full : Missing, NoRetry),
            new("Retries:TotalTime", Missing, NoRetry),
            new("Holding:Time", policy.Holding.Time == TimeSpan.Zero ? Full : Missing, NoHolding),
            new("Holding:Limit", policy.Holding.Time == TimeSpan.Zero ? NotApplicable : Missing, NoHolding),
            new("Keepalive:Connections", Missing, Own),
            new("Keepalive:IdleTimeout", Missing, Own),
            new("Tls:Certificate", NotApplicable, "Railway issues and renews one for each domain"),
            new("Tls:CertificateKey", NotApplicable, "Railway keeps it"),
            new(
                "Tls:RedirectHttp",
                policy.Tls.RedirectHttp ? Approximate : Missing,
                "always: Railway redirects plain HTTP, by 301, after which a POST is a GET"
            ),
            new(
                "Tls:HstsMaxAge",
                Full,
                policy.Tls.HstsMaxAge == TimeSpan.Zero ? "not said: `Tls__HstsMaxAge` is 0" : "`Tls__HstsMaxAge` of each replica"
            ),
            new(
                "TrustedNetworks",
                policy.TrustedNetworks is [] ? Full : Missing,
                "a replica believes Railway's own network, the nearest hop, which names the client in `X-Real-IP`"
            ),
            new("Limits:MaxBodySize", Missing, "none at the edge; the replicas have their own"),
            new(
                "Limits:ConnectionsPerClient",
                policy.Limits.ConnectionsPerClient == 0 ? Full : Missing,
                policy.Limits.ConnectionsPerClient == 0 ? "any number" : Own
            ),
            new(
                "Limits:RequestsPerSecond",
                policy.Limits.RequestsPerSecond == 0 ? Approximate : Missing,
                "Railway's own: about 11,000 per second and domain, whoever asks"
            ),
            new(
                "Limits:Burst",
                policy.Limits.RequestsPerSecond == 0 ? NotApplicable : Missing,
                policy.Limits.RequestsPerSecond == 0 ? "no rate, no burst" : Own
            ),
            new("Draining:Grace", Full, "`Draining__Grace`, after `overlapSeconds` in which both versions serve"),
            new("Draining:Timeout", Full, $"`Draining__Timeout`; `drainingSeconds` is {RailwayTarget.DrainingSeconds(policy)}"),
            new("Scaling:MinReplicas", Full, "`replicas`"),
            new("Scaling:MaxReplicas", policy.Scaling.MaxReplicas == policy.Scaling.MinReplicas ? Full : Missing, NoScaling),
            new("Scaling:CpuPercent", Missing, NoScaling),
            new("Scaling:MemoryPercent", Missing, NoScaling),
            new("Scaling:QueueLength", Missing, NoScaling),
        ];

    private static SettingExplanation Affinity(BalancingPolicy policy, string key) =>
        policy.Algorithm == BalancingAlgorithm.CookieHash ? new(key, Missing, NoAffinity) : NginxExplanations.WithoutCookie(key);
}
