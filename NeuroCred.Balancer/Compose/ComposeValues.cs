using System.Security.Cryptography;
using System.Text;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Policy;
using static NeuroCred.Balancer.Deployment.SettingSupport;

namespace NeuroCred.Balancer.Compose;

/// <summary>What Compose and Swarm say alike, since both read Compose files and run the same images.</summary>
internal static class ComposeValues
{
    internal const string Certificate = "tls-certificate.pem";
    internal const string CertificateKey = "tls-certificate-key.pem";

    // Above 1023, where the user that nginx runs as may listen on every engine.
    private const int HttpPort = 8080;
    private const int HttpsPort = 8443;

    // A machine may have a hundred processors, and as many workers would need more memory than the container has: each takes 7 MB, and
    // what lies in /tmp counts too.
    private const int Workers = 8;

    // In every container on a network of Docker's own.
    private const string DockerResolver = "127.0.0.11";

    // In the official image, as in eng/images.
    private const string NginxUser = "101";

    // An engine asks for the first time after this, so that a new replica is known to be healthy no sooner.
    private static readonly TimeSpan s_longestInterval = TimeSpan.FromSeconds(5);

    // What the engine waits before it kills, beyond what the replica takes at most.
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(1);

    /// <summary>Whether the gateway speaks HTTPS.</summary>
    internal static bool HasTls(BalancingPolicy policy) => policy.Tls.Certificate is not null;

    /// <summary>How often the engine asks a replica for its health.</summary>
    internal static TimeSpan HealthInterval(BalancingPolicy policy) =>
        policy.Health.Readiness.Interval < s_longestInterval ? policy.Health.Readiness.Interval : s_longestInterval;

    /// <summary>How long the engine waits for a replica's health: longer than the image's check does, which gives a busy replica as long as
    /// the image's watchdog.</summary>
    internal static TimeSpan HealthTimeout(BalancingPolicy policy) =>
        TimeSpan.FromSeconds(WholeSeconds.Up(policy.Health.Readiness.Timeout, ImageWatchdog.BusySeconds + 1));

    /// <summary>The gateway's files, in the folder <c>nginx</c>.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="name">The name that has the addresses of all replicas.</param>
    internal static IReadOnlyList<DeploymentFile> NginxFiles(BalancingPolicy policy, string name) =>
        [
            .. NginxTarget.Files(
                "nginx",
                NginxConfiguration.Following(policy, name, DockerResolver, HttpPort) with
                {
                    Workers = Workers,
                    Https = HasTls(policy) ? new(HttpsPort, 443, $"/run/secrets/{Certificate}", $"/run/secrets/{CertificateKey}") : null,
                    AccessLogFile = DeployedMonitor.AccessLog,
                    StatusPort = DeployedMonitor.StatusPort,
                }
            ),
        ];

    /// <summary>The values for the placeholders of both templates.</summary>
    /// <param name="plan">What is deployed.</param>
    /// <param name="gateway">The name by which the monitor reaches the gateway beside it.</param>
    /// <param name="replicas">The name that has the addresses of all replicas.</param>
    internal static Dictionary<string, string> For(DeploymentPlan plan, string gateway, string replicas) =>
        new(PlanValues.Of(plan))
        {
            ["monitor_environment"] = Variables([
                .. DeployedMonitor.Settings(plan.Policy, gateway),
                .. DeployedMonitor.Discovery(plan.Policy, replicas),
            ]),
            ["nginx_user"] = $"\"{NginxUser}:{NginxUser}\"",
            ["log_options"] = $"\"size={DeployedMonitor.LogMebibytes}m,uid={NginxUser},gid={NginxUser},mode=0755\"",
            ["http_port"] = $"{HttpPort}",
            // bash speaks TCP by itself, and is in every image that is not made of nothing.
            ["gateway_check"] = Quote(
                $"exec 3<>/dev/tcp/127.0.0.1/{HttpPort} "
                    + $@"&& printf 'GET {NginxConfiguration.HealthPath} HTTP/1.0\r\n\r\n' >&3 "
                    + "&& read -r line <&3 && [[ $line == *' 200 '* ]]"
            ),
            ["stop_grace"] = NginxText.Time(plan.Policy.Draining.Timeout + s_margin),
            ["watchdog"] = Variables(ImageWatchdog.Variables(plan.Policy.Health.Liveness)),
            ["readiness_interval"] = NginxText.Time(HealthInterval(plan.Policy)),
            ["health_timeout"] = NginxText.Time(HealthTimeout(plan.Policy)),
            ["https_port"] = $"{HttpsPort}",
        };

    /// <summary>A text that differs where the files do.</summary>
    internal static string Version(params IEnumerable<DeploymentFile> files) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(files.Select(file => file.Path + file.Content)))))[
            ..12
        ];

    /// <summary>Explains every setting.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="others">What only one of the two does.</param>
    internal static IReadOnlyList<SettingExplanation> Explain(BalancingPolicy policy, params IReadOnlyList<SettingExplanation> others) =>
        NginxExplanations.Explain(
            policy,
            [
                NginxExplanations.AlgorithmWithSticky(policy),
                new("Upstream:Port", Full, "`ASPNETCORE_HTTP_PORTS` of the replicas, and the port of nginx's `server`"),
                new("Draining:Grace", Full, "`Draining__Grace` of the replicas"),
                new("Draining:Timeout", Full, "`Draining__Timeout` of the replicas; `stop_grace_period` is a second longer"),
                new("Scaling:MinReplicas", Full, "`deploy.replicas`"),
                new("Scaling:CpuPercent", Missing, "nothing adds replicas"),
                new("Scaling:MemoryPercent", Missing, "nothing adds replicas"),
                new("Scaling:QueueLength", Missing, "nothing adds replicas"),
                .. others,
            ]
        );

    /// <summary>Writes a text in quotes. A <c>$</c> stays one, and does not begin a variable.</summary>
    internal static string Quote(string value) => JsonText.Quote(value.Replace("$", "$$", StringComparison.Ordinal));

    private static string Variables(IEnumerable<(string Name, string Value)> variables) =>
        string.Join('\n', variables.Select(v => $"{v.Name}: {Quote(v.Value)}"));
}
