using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.Balancer.Compose;

/// <summary>What Compose and Swarm say alike, since both read Compose files and run the same images.</summary>
internal static class ComposeValues
{
    internal const string Certificate = "tls-certificate.pem";
    internal const string CertificateKey = "tls-certificate-key.pem";

    // Above 1023, where the user that nginx runs as may listen on every engine.
    private const int HttpPort = 8080;
    private const int HttpsPort = 8443;

    // In the official image, as in eng/images.
    private const string NginxUser = "101";

    private static readonly Version s_nginxVersion = new(1, 30);

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
    /// <param name="plan">What is deployed.</param>
    /// <param name="name">The name that has the addresses of all replicas.</param>
    internal static IReadOnlyList<DeploymentFile> NginxFiles(DeploymentPlan plan, string name) =>
        [
            .. NginxTarget.Files(
                "nginx",
                new NginxConfiguration
                {
                    Policy = plan.Policy,
                    Servers = [new(name, name, plan.Policy.Upstream.Port)],
                    Resolver = new(NginxResolver.Docker),
                    HttpPort = HttpPort,
                    Https = HasTls(plan.Policy)
                        ? new(HttpsPort, 443, $"/run/secrets/{Certificate}", $"/run/secrets/{CertificateKey}")
                        : null,
                    NginxVersion = s_nginxVersion,
                    JsModule = NginxConfiguration.UsualJsModule,
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
        new()
        {
            ["generated"] = GeneratedMark.Text,
            ["api_image"] = plan.Images.Api,
            ["monitor_image"] = plan.Images.Monitor,
            ["monitor_port"] = ComposeText.Number(DeployedMonitor.Port),
            ["monitor_environment"] = string.Join(
                '\n',
                DeployedMonitor
                    .Settings(plan.Policy, gateway)
                    .Concat(DeployedMonitor.Discovery(plan.Policy, replicas))
                    .Select(v => $"{v.Name}: {ComposeText.Quote(v.Value)}")
            ),
            ["nginx_user"] = $"\"{NginxUser}:{NginxUser}\"",
            ["log_folder"] = DeployedMonitor.LogFolder,
            ["log_options"] = $"\"size={DeployedMonitor.LogMebibytes}m,uid={NginxUser},gid={NginxUser},mode=0755\"",
            ["nginx_image"] = plan.Images.Nginx,
            ["postgres_image"] = plan.Images.Postgres,
            ["redis_image"] = plan.Images.Redis,
            ["http_port"] = ComposeText.Number(HttpPort),
            // bash speaks TCP by itself, and is in every image that is not made of nothing.
            ["gateway_check"] = ComposeText.Quote(
                $"exec 3<>/dev/tcp/127.0.0.1/{ComposeText.Number(HttpPort)} "
                    + $@"&& printf 'GET {NginxConfiguration.HealthPath} HTTP/1.0\r\n\r\n' >&3 "
                    + "&& read -r line <&3 && [[ $line == *' 200 '* ]]"
            ),
            ["port"] = ComposeText.Number(plan.Policy.Upstream.Port),
            ["pool_size"] = ComposeText.Number(plan.PostgresPoolSize),
            ["max_connections"] = ComposeText.Number(plan.PostgresMaxConnections),
            ["drain_grace"] = plan.Policy.Draining.Grace.ToString("c"),
            ["drain_timeout"] = plan.Policy.Draining.Timeout.ToString("c"),
            ["stop_grace"] = ComposeText.Duration(plan.Policy.Draining.Timeout + s_margin),
            ["liveness_path"] = ComposeText.Quote(plan.Policy.Health.Liveness.Path),
            ["liveness_interval"] = ComposeText.Thousandths((long)plan.Policy.Health.Liveness.Interval.TotalMilliseconds),
            ["liveness_timeout"] = ComposeText.Thousandths((long)plan.Policy.Health.Liveness.Timeout.TotalMilliseconds),
            ["liveness_failures"] = ComposeText.Number(plan.Policy.Health.Liveness.UnhealthyThreshold),
            ["readiness_path"] = ComposeText.Quote(plan.Policy.Health.Readiness.Path),
            ["readiness_interval"] = ComposeText.Duration(HealthInterval(plan.Policy)),
            ["health_timeout"] = ComposeText.Duration(HealthTimeout(plan.Policy)),
            ["readiness_failures"] = ComposeText.Number(plan.Policy.Health.Readiness.UnhealthyThreshold),
            ["replicas"] = ComposeText.Number(plan.Policy.Scaling.MinReplicas),
            ["cpus"] = ComposeText.Thousandths(plan.Resources.CpuLimitMillicores),
            ["memory"] = ComposeText.Number(plan.Resources.MemoryMebibytes),
            ["memory_limit"] = ComposeText.Number(plan.Resources.MemoryLimitMebibytes),
            ["https_port"] = ComposeText.Number(HttpsPort),
        };
}
