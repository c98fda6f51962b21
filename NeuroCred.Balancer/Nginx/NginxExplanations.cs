using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Policy;
using static NeuroCred.Balancer.Deployment.SettingSupport;

namespace NeuroCred.Balancer.Nginx;

/// <summary>What NeuroCred's nginx makes of the policy, alone or as the gateway of a platform that adds to it.</summary>
internal static class NginxExplanations
{
    /// <summary>What becomes of <c>cookie_hash</c> from nginx 1.29.6 on.</summary>
    internal const string Sticky =
        "`sticky cookie`, with `least_conn` for whoever has none yet; the cookie names the replica, "
        + "so that clients of a lost one are spread anew";

    /// <summary>Explains the algorithm, from nginx 1.29.6 on.</summary>
    internal static SettingExplanation AlgorithmWithSticky(BalancingPolicy policy) =>
        policy.Algorithm == BalancingAlgorithm.CookieHash
            ? new("Algorithm", Full, Sticky)
            : Alone(policy).First(explanation => explanation.Key == "Algorithm");

    /// <summary>Explains every setting.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="others">What a platform around nginx does of its own, instead of what is said here.</param>
    internal static IReadOnlyList<SettingExplanation> Explain(BalancingPolicy policy, params IReadOnlyList<SettingExplanation> others)
    {
        var explanations = Alone(policy).ToDictionary(e => e.Key, StringComparer.Ordinal);
        foreach (var other in others)
        {
            explanations[other.Key] = other;
        }

        return [.. PolicyKeys.All.Select(key => explanations[key])];
    }

    /// <summary>Explains a setting of affinity for an algorithm that has none.</summary>
    internal static SettingExplanation WithoutCookie(string key) => new(key, NotApplicable, "used with `cookie_hash` only");

    private static IEnumerable<SettingExplanation> Alone(BalancingPolicy policy) =>
        [
            new("Upstream:Name", Full, "`upstream`"),
            new("Upstream:Port", Full, "the port of each `server`"),
            new("ServerName", Full, "`server_name`"),
            new(
                "Algorithm",
                Full,
                policy.Algorithm switch
                {
                    BalancingAlgorithm.IpHash => "`ip_hash`",
                    BalancingAlgorithm.CookieHash => "`hash $gateway_affinity consistent`",
                    _ => "`least_conn`, counted for all workers in the `zone`",
                }
            ),
            .. Affinity(policy),
            new(
                "Health:Liveness",
                Missing,
                "open-source nginx asks nobody: what supervises the processes restarts one that hangs. A request for the path goes to "
                    + "the next replica if one cannot answer it, and is not held or logged"
            ),
            new(
                "Health:Readiness",
                Approximate,
                "in band instead of by probes: a replica that is not ready answers 503, and the same request goes to another one. "
                    + "So does a request for the path, which is not held or logged"
            ),
            new("Failures:MaxFails", Full, "`max_fails`"),
            new("Failures:FailTimeout", Full, "`fail_timeout`; 1 s means 1 to 2 s"),
            new("Timeouts:Connect", Full, "`proxy_connect_timeout`"),
            new("Timeouts:Send", Full, "`proxy_send_timeout`"),
            new("Timeouts:Read", Full, "`proxy_read_timeout`"),
            new("Timeouts:Stream", Full, "`proxy_read_timeout` and `proxy_send_timeout` of WebSockets and server-sent events"),
            new("Timeouts:Client", Full, "`client_header_timeout`, `client_body_timeout`, `send_timeout`"),
            new("Retries:Conditions", Full, "`proxy_next_upstream`"),
            new("Retries:Tries", Full, "`proxy_next_upstream_tries`"),
            new("Retries:TotalTime", Full, "`proxy_next_upstream_timeout`"),
            .. Holding(policy),
            new("Keepalive:Connections", Full, "`keepalive`, for each worker"),
            new("Keepalive:IdleTimeout", Full, "`keepalive_timeout` of the `upstream`"),
            .. Tls(policy),
            new(
                "TrustedNetworks",
                Full,
                policy.TrustedNetworks is [] ? "none: nothing is rendered" : "`set_real_ip_from`, and `geo` for the scheme"
            ),
            new("Limits:MaxBodySize", Full, "`client_max_body_size`"),
            new(
                "Limits:ConnectionsPerClient",
                Full,
                policy.Limits.ConnectionsPerClient == 0
                    ? "any number: nothing is rendered"
                    : "`limit_conn`, for each nginx, by address (IPv6: by network of 64 bits); over HTTP/2 each request counts"
            ),
            new(
                "Limits:RequestsPerSecond",
                Full,
                policy.Limits.RequestsPerSecond == 0 ? "any number: nothing is rendered" : "`limit_req_zone`, for each nginx"
            ),
            new(
                "Limits:Burst",
                policy.Limits.RequestsPerSecond == 0 ? NotApplicable : Full,
                policy.Limits.RequestsPerSecond == 0 ? "no rate, no burst: nothing is rendered" : "`burst` of `limit_req`"
            ),
            new(
                "Draining:Grace",
                NotApplicable,
                "nginx learns of it from the replica (`Connection: close`, 503); set `Draining__Grace` where the replicas run"
            ),
            new("Draining:Timeout", NotApplicable, "set `Draining__Timeout` where the replicas run, and have what stops them wait as long"),
            new("Scaling:MinReplicas", Approximate, "`fixed/`: as many `server` lines; `dns/`: as many as the name has addresses"),
            new("Scaling:MaxReplicas", NotApplicable, "nginx starts no replica; `dns/` follows whatever does"),
            new("Scaling:CpuPercent", NotApplicable, "nginx starts no replica"),
            new("Scaling:MemoryPercent", NotApplicable, "nginx starts no replica"),
            new("Scaling:QueueLength", NotApplicable, "nginx starts no replica"),
        ];

    private static IEnumerable<SettingExplanation> Affinity(BalancingPolicy policy)
    {
        var used = policy.Algorithm == BalancingAlgorithm.CookieHash;
        yield return used ? new("Affinity:Cookie", Full, "the name of the cookie") : WithoutCookie("Affinity:Cookie");
        yield return used ? new("Affinity:Duration", Full, "`Max-Age` of the cookie") : WithoutCookie("Affinity:Duration");
    }

    private static IEnumerable<SettingExplanation> Holding(BalancingPolicy policy)
    {
        var nothing =
            policy.Holding.Time == TimeSpan.Zero
                ? "off: nothing is rendered"
                : "no request may be sent again (`Retries:Conditions`): nothing is rendered";
        yield return new(
            "Holding:Time",
            policy.Holds || policy.Holding.Time == TimeSpan.Zero ? Full : Missing,
            policy.Holds ? "`hold.js`, by nginx's module njs" : nothing
        );
        yield return policy.Holds
            ? new("Holding:Limit", Full, "`$connections_writing` in `hold.js`, for each nginx")
            : new("Holding:Limit", NotApplicable, nothing);
    }

    private static IEnumerable<SettingExplanation> Tls(BalancingPolicy policy)
    {
        var used = policy.Tls.Certificate is not null;
        yield return new("Tls:Certificate", Full, used ? "`ssl_certificate`" : "none: plain HTTP alone");
        yield return new("Tls:CertificateKey", Full, used ? "`ssl_certificate_key`" : "none: plain HTTP alone");
        yield return new(
            "Tls:RedirectHttp",
            used ? Full : NotApplicable,
            used ? "`return 308`" : "without a certificate there is nowhere to redirect to"
        );
        yield return new(
            "Tls:HstsMaxAge",
            used || policy.Tls.HstsMaxAge == TimeSpan.Zero ? Full : NotApplicable,
            policy.Tls.HstsMaxAge == TimeSpan.Zero ? "not said: nothing is rendered"
                : used ? "`Strict-Transport-Security`"
                : "not said over plain HTTP, nor with a development certificate"
        );
    }
}
