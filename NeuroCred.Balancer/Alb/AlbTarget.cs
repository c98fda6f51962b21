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
    private const int MostStopTimeout = 120;

    // What the DNS of a VPC may take to learn that a task has gone, at which nginx would wait for a connection that nobody refuses.
    private static readonly TimeSpan s_dnsDelay = TimeSpan.FromSeconds(60);

    // What a VPC's own addresses usually are (RFC 1918, RFC 6598): nobody but the load balancer reaches nginx.
    private static readonly string[] s_networks = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"];

    public string Name => "alb";

    public string Title => "AWS ALB";

    public string Page => "docs/deploying/aws.md";

    public string DeployedBy => "terraform apply";

    public IReadOnlyList<DeploymentFile> Render(DeploymentPlan plan)
    {
        PolicyValidator.ThrowIfInvalid(plan.Policy);
        var module = TargetTemplates.Render("Alb", GetValues(plan));
        return
        [
            .. module.Where(file => file.Path != "provider.tf" || plan.AwsRegion is not ""),
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
                    Math.Min(
                        (s_dnsDelay + policy.Draining.Timeout - policy.Draining.Grace).TotalSeconds,
                        MostStopTimeout - WholeSeconds.EndMargin
                    )
                ),
            };

    /// <summary>From the signal to the end of a replica, in seconds.</summary>
    internal static int StopTimeout(BalancingPolicy policy) => WholeSeconds.UntilEnd(Draining(policy), MostStopTimeout);

    private static Dictionary<string, string> GetValues(DeploymentPlan plan)
    {
        var policy = plan.Policy;
        var probe = AlbProbe.Of(policy.Health.Readiness);
        var size = FargateSize.Of(plan.Resources);
        var draining = Draining(policy);
        return new(PlanValues.Of(plan))
        {
            ["image_default"] = ImageDefault(plan.Images.Api),
            ["monitor_image_default"] = ImageDefault(plan.Images.Monitor),
            ["monitor_environment"] = Variables([
                .. DeployedMonitor.Settings(policy).Select(v => (v.Name, HclText.Text(v.Value))),
                // Terraform puts the name in.
                .. DeployedMonitor.Discovery(policy, "${local.replicas}").Select(v => (v.Name, $"\"{v.Value}\"")),
            ]),
            ["region"] = plan.AwsRegion,
            ["server_name"] = HclText.Inner(policy.ServerName),
            // An update starts as many as run before any leaves.
            ["max_connections"] = $"{PostgresConnections.Needed(2 * policy.Scaling.MaxReplicas, plan.PostgresPoolSize)}",
            ["gateway_port"] = $"{GatewayService.Port}",
            ["gateway_instances"] = $"{GatewayService.LeastInstances}",
            ["gateway_most"] = $"{GatewayService.MostInstances(plan)}",
            ["gateway_stop_timeout"] = $"{GatewayService.ShutdownSeconds}",
            ["idle_timeout"] = $"{IdleTimeout(policy)}",
            ["algorithm"] = policy.Algorithm == BalancingAlgorithm.LeastConnections ? "least_outstanding_requests" : "round_robin",
            ["sticky"] = policy.Algorithm == BalancingAlgorithm.LeastConnections ? "false" : "true",
            ["cookie_duration"] = $"{WholeSeconds.Up(policy.Affinity.Duration)}",
            ["deregistration_delay"] = $"{WholeSeconds.Up(policy.Draining.Timeout)}",
            ["stop_timeout"] = $"{StopTimeout(policy)}",
            ["draining_grace"] = $"{draining.Grace}",
            ["draining_timeout"] = $"{draining.Timeout}",
            ["watchdog"] = Variables(ImageWatchdog.Variables(policy.Health.Liveness).Select(v => (v.Name, HclText.Text(v.Value)))),
            ["readiness_interval"] = $"{probe.Interval}",
            ["readiness_timeout"] = $"{probe.Timeout}",
            ["readiness_successes"] = $"{probe.Successes}",
            ["readiness_failures"] = $"{probe.Failures}",
            // Until it could have become healthy, and a start besides.
            ["grace_period"] = $"{(probe.Interval * (probe.Successes + 1)) + 30}",
            ["hsts"] =
                policy.Tls.HstsMaxAge == TimeSpan.Zero
                    ? ""
                    : "routing_http_response_strict_transport_security_header_value = "
                        + $"\"max-age={policy.Tls.HstsMaxAge.TotalSeconds}\"",
            ["task_cpu"] = $"{size.Cpu}",
            ["task_memory"] = $"{size.Memory}",
        };
    }

    private static string Variables(IEnumerable<(string Name, string Text)> variables) =>
        string.Join('\n', variables.Select(v => $"{{ name = \"{v.Name}\", value = {v.Text} }},"));

    // Without a registry in its name there is nothing that ECS could pull.
    private static string ImageDefault(string image) => image.Contains('/', StringComparison.Ordinal) ? $"default     = \"{image}\"" : "";
}
