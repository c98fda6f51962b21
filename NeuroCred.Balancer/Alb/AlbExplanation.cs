using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Policy;
using static NeuroCred.Balancer.Deployment.SettingSupport;

namespace NeuroCred.Balancer.Alb;

/// <summary>What AWS makes of the policy: nginx's own part in NeuroCred's nginx, the rest in the load balancer and ECS.</summary>
internal static class AlbExplanation
{
    // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-multivalue.html
    private const int MostAddresses = 8;

    internal static IReadOnlyList<SettingExplanation> Of(BalancingPolicy policy) =>
        NginxExplanations.Explain(
            policy,
            [
                new("Upstream:Port", Full, "`containerPort` and `ASPNETCORE_HTTP_PORTS` of the replicas, and the port of nginx's `server`"),
                new(
                    "ServerName",
                    Approximate,
                    "the certificate in `certificate_arn`, and an alias in DNS: a listener takes requests of every name"
                ),
                GatewayService.Algorithm(policy),
                .. Affinity(policy),
                ImageWatchdog.Explain(policy.Health.Liveness),
                Readiness(policy.Health.Readiness),
                new("Timeouts:Read", Full, $"`proxy_read_timeout`; {IdleTimeout(policy)}"),
                new(
                    "Timeouts:Stream",
                    Approximate,
                    $"`proxy_read_timeout`; {IdleTimeout(policy)}, which a WebSocket outlasts, because a replica pings every 15 s"
                ),
                new(
                    "Timeouts:Client",
                    Approximate,
                    $"`client_header_timeout`, `client_body_timeout`, `send_timeout`; {IdleTimeout(policy)}"
                ),
                new("Tls:Certificate", Approximate, "`certificate_arn`: a certificate in ACM"),
                new("Tls:CertificateKey", Approximate, "ACM keeps it"),
                policy.Tls.RedirectHttp
                    ? new("Tls:RedirectHttp", Approximate, "the listener on port 80 redirects by 301, not 308")
                    : new(
                        "Tls:RedirectHttp",
                        Missing,
                        "always: the listener on port 80 does nothing but redirect, by 301, since there is no load balancer without "
                            + "a certificate"
                    ),
                policy.Tls.HstsMaxAge == TimeSpan.Zero
                    ? new("Tls:HstsMaxAge", Full, "not said: nothing is rendered")
                    : new("Tls:HstsMaxAge", Full, "`routing_http_response_strict_transport_security_header_value` of the listener"),
                new(
                    "TrustedNetworks",
                    Full,
                    "`set_real_ip_from`, and `geo` for the scheme: the networks that a VPC usually has, and those given. Nobody but "
                        + "the load balancer reaches nginx, and it adds the address it sees"
                ),
                new(
                    "Draining:Grace",
                    Grace(policy),
                    $"`Draining__Grace`: {Seconds(AlbTarget.Draining(policy).Grace)}, until DNS no longer has the replica"
                ),
                new(
                    "Draining:Timeout",
                    AlbTarget.StopTimeout(policy) > AlbTarget.Draining(policy).Timeout.TotalSeconds ? Grace(policy) : Approximate,
                    $"`Draining__Timeout`: {Seconds(AlbTarget.Draining(policy).Timeout)}, as much after the grace as the policy "
                        + $"says; `stopTimeout` is {AlbTarget.StopTimeout(policy)} s. "
                        + "`deregistration_delay` of nginx"
                ),
                new("Scaling:MinReplicas", Full, "`min_capacity`"),
                policy.Scaling.MaxReplicas <= MostAddresses
                    ? new("Scaling:MaxReplicas", Full, "`max_capacity`")
                    : new(
                        "Scaling:MaxReplicas",
                        Approximate,
                        "`max_capacity`; each nginx uses eight at a time, since Route 53 gives no more addresses in an answer"
                    ),
                new("Scaling:CpuPercent", Full, "`ECSServiceAverageCPUUtilization`"),
                new(
                    "Scaling:MemoryPercent",
                    Full,
                    "`ECSServiceAverageMemoryUtilization`, of what a task has: more than a replica asks for elsewhere"
                ),
                new(
                    "Scaling:QueueLength",
                    Approximate,
                    "requests under way in each replica: `RequestCount` a second times `TargetResponseTime`, by the number of replicas. "
                        + "AWS does not see which of them wait"
                ),
            ]
        );

    // Two nginx may order the addresses of a name each in its way: the load balancer keeps a client with one of them.
    private static IEnumerable<SettingExplanation> Affinity(BalancingPolicy policy) =>
        policy.Algorithm == BalancingAlgorithm.IpHash
            ?
            [
                new("Algorithm", Full, "`ip_hash`; `stickiness` keeps a client with one nginx"),
                new("Affinity:Duration", Full, "`cookie_duration` of that `stickiness`"),
            ]
            : [];

    private static SettingExplanation Readiness(ProbePolicy probe)
    {
        const string inBand = "in band: a replica that is not ready answers 503, and the same request goes to another one";
        var bounded = AlbProbe.Of(probe);
        return new(
            "Health:Readiness",
            Approximate,
            bounded.Is(probe)
                ? $"{inBand}. `health_check` of the target group asks nginx whether any is ready"
                : $"{inBand}. `health_check` of the target group asks nginx whether any is ready, within its bounds: every "
                    + $"{bounded.Interval} s, {bounded.Timeout} s to answer, {bounded.Successes} successes, {bounded.Failures} failures"
        );
    }

    private static SettingSupport Grace(BalancingPolicy policy) => AlbTarget.Draining(policy) == policy.Draining ? Full : Approximate;

    private static string Seconds(TimeSpan time) => $"{WholeSeconds.Up(time)} s";

    private static string IdleTimeout(BalancingPolicy policy) =>
        $"`idle_timeout` of the load balancer, one for everything: {AlbTarget.IdleTimeout(policy)} s";
}
