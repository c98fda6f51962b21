using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Policy;
using NeuroCred.Settings;

namespace NeuroCred.Balancer.Alb;

/// <summary>AWS, as a Terraform module: an application load balancer in front of NeuroCred's nginx and the replicas, both ECS services on
/// Fargate.</summary>
internal sealed class AlbTarget : IDeploymentTarget
{
    // What a replica's pings keep alive on a WebSocket, twice: they come every 15 s.
    private const int LeastIdleTimeout = 30;
    private const int MostIdleTimeout = 4000;

    // Fargate: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
    private const int LeastStopTimeout = 2;
    private const int MostStopTimeout = 120;
    private const int StopMargin = 2;

    // What the DNS of a VPC may take to learn that a task has gone, at which nginx would wait for a connection that nobody refuses.
    private static readonly TimeSpan s_dnsDelay = TimeSpan.FromSeconds(60);

    // What a VPC's own addresses usually are (RFC 1918, RFC 6598): nobody but the load balancer reaches nginx.
    private static readonly string[] s_networks = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"];

    private static readonly string[] s_files =
    [
        "versions.tf",
        "variables.tf",
        "network.tf",
        "alb.tf",
        "ecs.tf",
        "gateway.tf",
        "autoscaling.tf",
        "alarms.tf",
        "outputs.tf",
    ];

    public string Name => "alb";

    public string Title => "AWS ALB";

    public string Page => "docs/deploying/aws.md";

    public string DeployedBy => "terraform apply";

    public IReadOnlyList<DeploymentFile> Render(DeploymentPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        PolicyValidator.ThrowIfInvalid(plan.Policy);
        string[] provider = plan.AwsRegion is "" ? [] : ["provider.tf"];
        return
        [
            .. s_files.Concat(provider).Select(new TargetTemplates("Alb", GetValues(plan)).Render),
            .. GatewayService.Render(plan.Policy, s_networks, seesClients: true),
        ];
    }

    public IReadOnlyList<SettingExplanation> Explain(BalancingPolicy policy) => AlbExplanation.Of(policy);

    /// <summary>Silence on a connection, in seconds: a client hears nothing while nginx tries one replica after the other and holds the
    /// request.</summary>
    internal static int IdleTimeout(BalancingPolicy policy) =>
        WholeSeconds.Up(policy.Timeouts.Read + policy.Retries.TotalTime + policy.Holding.Time, LeastIdleTimeout, MostIdleTimeout);

    /// <summary>How a replica leaves: it serves until DNS no longer has it, which AWS does not wait for, and then has as long as the policy
    /// gives it.</summary>
    internal static DrainTimes Draining(BalancingPolicy policy) =>
        policy.Draining.Grace >= s_dnsDelay
            ? policy.Draining
            : new()
            {
                Grace = s_dnsDelay,
                Timeout = TimeSpan.FromSeconds(
                    Math.Min((s_dnsDelay + policy.Draining.Timeout - policy.Draining.Grace).TotalSeconds, MostStopTimeout - StopMargin)
                ),
            };

    /// <summary>From the signal to the end of a replica, in seconds.</summary>
    internal static int StopTimeout(BalancingPolicy policy) =>
        Math.Clamp(WholeSeconds.Up(Draining(policy).Timeout) + StopMargin, LeastStopTimeout, MostStopTimeout);

    private static Dictionary<string, string> GetValues(DeploymentPlan plan)
    {
        var policy = plan.Policy;
        var probe = AlbProbe.Of(policy.Health.Readiness);
        var size = FargateSize.Of(plan.Resources);
        return new()
        {
            ["api_image"] = HclText.Inner(plan.Images.Api),
            ["image_default"] = ImageDefault(plan.Images.Api),
            ["monitor_image"] = HclText.Inner(plan.Images.Monitor),
            ["monitor_image_default"] = ImageDefault(plan.Images.Monitor),
            ["monitor_port"] = Number(DeployedMonitor.Port),
            ["monitor_environment"] = string.Join(
                '\n',
                DeployedMonitor
                    .Settings(policy)
                    .Select(v => (v.Name, Value: HclText.Text(v.Value)))
                    // Terraform puts the name in.
                    .Concat(DeployedMonitor.Discovery(policy, "${local.replicas}").Select(v => (v.Name, Value: $"\"{v.Value}\"")))
                    .Select(v => $"{{ name = \"{v.Name}\", value = {v.Value} }},")
            ),
            ["log_folder"] = DeployedMonitor.LogFolder,
            ["management_port"] = Number(DefaultPorts.Management),
            ["nginx_image"] = HclText.Text(plan.Images.Nginx),
            ["region"] = HclText.Text(plan.AwsRegion),
            ["server_name"] = HclText.Inner(policy.ServerName),
            ["max_connections"] = Number(Connections(plan)),
            ["pool_size"] = HclText.Text(Number(plan.PostgresPoolSize)),
            ["port"] = Number(policy.Upstream.Port),
            ["port_text"] = HclText.Text(Number(policy.Upstream.Port)),
            ["gateway_port"] = Number(GatewayService.Port),
            ["gateway_instances"] = Number(GatewayService.LeastInstances),
            ["gateway_most"] = Number(GatewayService.MostInstances(plan)),
            ["gateway_stop_timeout"] = Number(GatewayService.ShutdownSeconds),
            ["idle_timeout"] = Number(IdleTimeout(policy)),
            ["algorithm"] = HclText.Text(
                policy.Algorithm == BalancingAlgorithm.LeastConnections ? "least_outstanding_requests" : "round_robin"
            ),
            ["sticky"] = policy.Algorithm == BalancingAlgorithm.LeastConnections ? "false" : "true",
            ["cookie_duration"] = Number(WholeSeconds.Up(policy.Affinity.Duration)),
            ["deregistration_delay"] = Number(WholeSeconds.Up(policy.Draining.Timeout)),
            ["stop_timeout"] = Number(StopTimeout(policy)),
            ["draining_grace"] = HclText.Text(Draining(policy).Grace.ToString("c")),
            ["draining_timeout"] = HclText.Text(Draining(policy).Timeout.ToString("c")),
            ["watchdog"] = string.Join(
                '\n',
                ImageWatchdog.Variables(policy.Health.Liveness).Select(v => $"{{ name = \"{v.Name}\", value = {HclText.Text(v.Value)} }},")
            ),
            ["readiness_path"] = HclText.Text(policy.Health.Readiness.Path),
            ["readiness_interval"] = Number(probe.Interval),
            ["readiness_timeout"] = Number(probe.Timeout),
            ["readiness_successes"] = Number(probe.Successes),
            ["readiness_failures"] = Number(probe.Failures),
            // Until it could have become healthy, and a start besides.
            ["grace_period"] = Number((probe.Interval * (probe.Successes + 1)) + 30),
            ["hsts"] =
                policy.Tls.HstsMaxAge == TimeSpan.Zero
                    ? ""
                    : "routing_http_response_strict_transport_security_header_value = "
                        + $"{HclText.Text($"max-age={Number((long)policy.Tls.HstsMaxAge.TotalSeconds)}")}",
            ["cpu"] = Number(size.Cpu),
            ["memory"] = Number(size.Memory),
            ["min_replicas"] = Number(policy.Scaling.MinReplicas),
            ["max_replicas"] = Number(policy.Scaling.MaxReplicas),
            ["cpu_percent"] = Number(policy.Scaling.CpuPercent),
            ["memory_percent"] = Number(policy.Scaling.MemoryPercent),
            ["queue_length"] = Number(policy.Scaling.QueueLength),
        };
    }

    // Without a registry in its name there is nothing that ECS could pull.
    private static string ImageDefault(string image) =>
        image.Contains('/', StringComparison.Ordinal) ? $"default     = {HclText.Text(image)}" : "";

    // An update starts as many as run before any leaves. 20 are for people, migrations and Postgres's own reserve.
    private static int Connections(DeploymentPlan plan) => (2 * plan.Policy.Scaling.MaxReplicas * (plan.PostgresPoolSize + 2)) + 20;

    private static string Number(long value) => value.ToString();
}
