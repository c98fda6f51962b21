using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.Balancer.Nginx;

/// <summary>
/// nginx on a machine of its own: for replicas that stay where they are (<c>fixed/</c>, nginx 1.22 and newer), and for a name behind which
/// they come and go (<c>dns/</c>, nginx 1.27.3 and newer).
/// </summary>
internal sealed class NginxTarget : IDeploymentTarget
{
    /// <summary>The name that the replicas have together in DNS, and each with its number behind it.</summary>
    internal const string Service = "api";

    // Where systemd-resolved listens, which most machines have and which knows the machine's own DNS servers.
    private const string MachineResolver = "127.0.0.53";

    private const int HttpPort = 80;

    public string Name => "nginx";

    public string Title => "nginx";

    public string Page => "docs/deploying/nginx.md";

    public string DeployedBy => "nginx -p /var/lib/neurocred -c /etc/nginx/nginx.conf -g 'daemon off;'";

    public IReadOnlyList<DeploymentFile> Render(DeploymentPlan plan)
    {
        var policy = plan.Policy;
        NginxHttpsListener? https = policy.Tls is { Certificate: { } certificate, CertificateKey: { } key }
            ? new(443, 443, certificate, key)
            : null;
        var fixedServers = new NginxConfiguration
        {
            Policy = policy,
            Servers =
            [
                .. Enumerable
                    .Range(1, policy.Scaling.MinReplicas)
                    .Select(i => new NginxServer($"{Service}-{i}", $"{Service}-{i}", policy.Upstream.Port)),
            ],
            HttpPort = HttpPort,
            Https = https,
            JsModule = NginxConfiguration.UsualJsModule,
        };
        var followed = NginxConfiguration.Following(policy, Service, MachineResolver, HttpPort) with { Https = https };
        return [.. Files("fixed", fixedServers), .. Files("dns", followed)];
    }

    public IReadOnlyList<SettingExplanation> Explain(BalancingPolicy policy) =>
        policy.Algorithm == BalancingAlgorithm.CookieHash
            ? NginxExplanations.Explain(
                policy,
                new SettingExplanation(
                    "Algorithm",
                    SettingSupport.Approximate,
                    $"`fixed/`: `hash $gateway_affinity consistent`; `dns/`: {NginxExplanations.Sticky}"
                )
            )
            : NginxExplanations.Explain(policy);

    /// <summary>The files of a configuration, each with the mark of a generated one, below a folder.</summary>
    internal static IEnumerable<DeploymentFile> Files(string folder, NginxConfiguration configuration) =>
        configuration
            .Render()
            .Select(file => new DeploymentFile(
                $"{folder}/{file.Key}",
                $"{(file.Key.EndsWith(".js", StringComparison.Ordinal) ? "//" : "#")} {GeneratedMark.Text}\n{file.Value}"
            ));
}
