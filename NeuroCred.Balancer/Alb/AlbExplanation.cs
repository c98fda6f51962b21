using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Policy;
using static NeuroCred.Balancer.Deployment.SettingSupport;

namespace NeuroCred.Balancer.Alb;

/// <summary>What an application load balancer and ECS make of the policy.</summary>
internal static class AlbExplanation
{
    private const string NoHolding = "a load balancer holds no request: the client gets its 502, 503 or 504 at once";
    private const string NoRetry =
        "a load balancer sends no request again: the client gets its 502, 503 or 504, and may resend, since every write is idempotent";
    private const string OwnConnections = "AWS keeps connections to the replicas by itself, and closes them after `idle_timeout`";
    private const string NoRate = "takes AWS WAF, which is another service";

    internal static IReadOnlyList<SettingExplanation> Of(BalancingPolicy policy) =>
        [
            new("Upstream:Name", Missing, "the target group is called `${var.name}-api`"),
            new("Upstream:Port", Full, "`port` of the target group, `containerPort`, `ASPNETCORE_HTTP_PORTS`"),
            new(
                "ServerName",
                Approximate,
                "the certificate in `certificate_arn`, and an alias in DNS: a listener takes requests of every name"
            ),
            Algorithm(policy),
            .. Affinity(policy),
            ImageWatchdog.Explain(policy.Health.Liveness),
            Readiness(policy.Health.Readiness),
            new("Failures:MaxFails", Missing, "failed requests count for nothing, the health check alone does"),
            new("Failures:FailTimeout", Missing, "failed requests count for nothing, the health check alone does"),
            new("Timeouts:Connect", Missing, "AWS's own: 10 s, then a 504"),
            new("Timeouts:Send", Approximate, IdleTimeout(policy)),
            new(
                "Timeouts:Read",
                WholeSeconds.IsExact(policy.Timeouts.Read) && (int)policy.Timeouts.Read.TotalSeconds == AlbTarget.IdleTimeout(policy)
                    ? Full
                    : Approximate,
                IdleTimeout(policy)
            ),
            new("Timeouts:Stream", Approximate, $"{IdleTimeout(policy)}; a WebSocket outlasts it, because a replica pings every 15 s"),
            new("Timeouts:Client", Approximate, IdleTimeout(policy)),
            new("Retries:Conditions", policy.Retries.Conditions is [] ? Full : Missing, NoRetry),
            new("Retries:Tries", policy.Retries.Tries == 1 ? Full : Missing, NoRetry),
            new("Retries:TotalTime", Missing, NoRetry),
            new("Holding:Time", policy.Holding.Time == TimeSpan.Zero ? Full : Missing, NoHolding),
            new("Holding:Limit", Missing, NoHolding),
            new("Keepalive:Connections", Missing, OwnConnections),
            new("Keepalive:IdleTimeout", Missing, OwnConnections),
            new("Tls:Certificate", Approximate, "`certificate_arn`: a certificate in ACM"),
            new("Tls:CertificateKey", Approximate, "ACM keeps it"),
            policy.Tls.RedirectHttp
                ? new("Tls:RedirectHttp", Approximate, "the listener on port 80 redirects by 301, not 308")
                : new(
                    "Tls:RedirectHttp",
                    Missing,
                    "always: the listener on port 80 does nothing but redirect, by 301, since there is no load balancer without a certificate"
                ),
            policy.Tls.HstsMaxAge == TimeSpan.Zero
                ? new("Tls:HstsMaxAge", Full, "not said: nothing is rendered")
                : new("Tls:HstsMaxAge", Full, "`routing_http_response_strict_transport_security_header_value` of the listener"),
            new(
                "TrustedNetworks",
                policy.TrustedNetworks is [] ? Full : Missing,
                "a replica believes the load balancer, the nearest hop; the load balancer believes nobody and adds the address it sees"
            ),
            new("Limits:MaxBodySize", Missing, "a load balancer has no limit; the replicas have their own"),
            new(
                "Limits:ConnectionsPerClient",
                policy.Limits.ConnectionsPerClient == 0 ? Full : Missing,
                policy.Limits.ConnectionsPerClient == 0 ? "any number" : "a load balancer has no limit"
            ),
            new(
                "Limits:RequestsPerSecond",
                policy.Limits.RequestsPerSecond == 0 ? Full : Missing,
                policy.Limits.RequestsPerSecond == 0 ? "any number" : NoRate
            ),
            new(
                "Limits:Burst",
                policy.Limits.RequestsPerSecond == 0 ? Full : Missing,
                policy.Limits.RequestsPerSecond == 0 ? "no rate, no burst" : NoRate
            ),
            new("Draining:Grace", Full, "`Draining__Grace`, after the load balancer has stopped sending requests"),
            Draining(policy),
            new("Scaling:MinReplicas", Full, "`min_capacity`"),
            new("Scaling:MaxReplicas", Full, "`max_capacity`"),
            new("Scaling:CpuPercent", Full, "`ECSServiceAverageCPUUtilization`"),
            new(
                "Scaling:MemoryPercent",
                Full,
                "`ECSServiceAverageMemoryUtilization`, of what a task has: more than a replica asks for elsewhere"
            ),
            new(
                "Scaling:QueueLength",
                Approximate,
                "requests under way in each replica: `RequestCountPerTarget` a second times `TargetResponseTime`. "
                    + "AWS does not see which of them wait"
            ),
        ];

    private static SettingExplanation Algorithm(BalancingPolicy policy) =>
        policy.Algorithm switch
        {
            BalancingAlgorithm.IpHash => new(
                "Algorithm",
                Approximate,
                "by a cookie instead of the address: `stickiness`, with `round_robin` for whoever has none yet"
            ),
            BalancingAlgorithm.CookieHash => new(
                "Algorithm",
                Approximate,
                "`stickiness`, with `round_robin` for whoever has no cookie yet; the cookie names the replica, so that clients of a lost one are spread anew"
            ),
            _ => new("Algorithm", Full, "`least_outstanding_requests`"),
        };

    private static IEnumerable<SettingExplanation> Affinity(BalancingPolicy policy)
    {
        var used = policy.Algorithm != BalancingAlgorithm.LeastConnections;
        yield return used
            ? new("Affinity:Cookie", Missing, "the cookie is AWS's own, `AWSALB`: its name cannot be chosen")
            : new("Affinity:Cookie", Full, "used with `ip_hash` and `cookie_hash` only");
        yield return new("Affinity:Duration", Full, used ? "`cookie_duration`" : "`cookie_duration`, of a `stickiness` that is off");
    }

    private static SettingExplanation Readiness(ProbePolicy probe)
    {
        var bounded = AlbProbe.Of(probe);
        return bounded.Is(probe)
            ? new("Health:Readiness", Full, "`health_check` of the target group")
            : new(
                "Health:Readiness",
                Approximate,
                $"`health_check` of the target group, within its bounds: every {bounded.Interval} s, {bounded.Timeout} s to answer, {bounded.Successes} successes, {bounded.Failures} failures"
            );
    }

    private static SettingExplanation Draining(BalancingPolicy policy)
    {
        var exact = WholeSeconds.IsExact(policy.Draining.Timeout) && AlbTarget.StopTimeout(policy) > policy.Draining.Timeout.TotalSeconds;
        return new(
            "Draining:Timeout",
            exact ? Full : Approximate,
            $"`deregistration_delay`, then `Draining__Timeout`; `stopTimeout` is {AlbTarget.StopTimeout(policy)} s"
        );
    }

    private static string IdleTimeout(BalancingPolicy policy) => $"`idle_timeout`, one for everything: {AlbTarget.IdleTimeout(policy)} s";
}
