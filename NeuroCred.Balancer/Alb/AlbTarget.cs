using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Policy;
using NeuroCred.Settings;

namespace NeuroCred.Balancer.Alb;

/// <summary>AWS, as a Terraform module: an application load balancer in front of an ECS service on Fargate.</summary>
internal sealed class AlbTarget : IDeploymentTarget
{
    // What a replica's pings keep alive on a WebSocket, twice: they come every 15 s.
    private const int LeastIdleTimeout = 30;
    private const int MostIdleTimeout = 4000;

    // Fargate: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
    private const int LeastStopTimeout = 2;
    private const int MostStopTimeout = 120;
    private const int StopMargin = 2;

    private static readonly string[] s_files =
    [
        "versions.tf",
        "variables.tf",
        "network.tf",
        "alb.tf",
        "ecs.tf",
        "autoscaling.tf",
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
        return [.. s_files.Select(new TargetTemplates("Alb", GetValues(plan)).Render)];
    }

    public IReadOnlyList<SettingExplanation> Explain(BalancingPolicy policy) => AlbExplanation.Of(policy);

    /// <summary>Silence on a connection, in seconds.</summary>
    internal static int IdleTimeout(BalancingPolicy policy) => WholeSeconds.Up(policy.Timeouts.Read, LeastIdleTimeout, MostIdleTimeout);

    /// <summary>From the signal to the end of a replica, in seconds.</summary>
    internal static int StopTimeout(BalancingPolicy policy) =>
        Math.Clamp(WholeSeconds.Up(policy.Draining.Timeout) + StopMargin, LeastStopTimeout, MostStopTimeout);

    private static Dictionary<string, string> GetValues(DeploymentPlan plan)
    {
        var policy = plan.Policy;
        var probe = AlbProbe.Of(policy.Health.Readiness);
        var size = FargateSize.Of(plan.Resources);
        return new()
        {
            ["api_image"] = HclText.Inner(plan.Images.Api),
            ["server_name"] = HclText.Inner(policy.ServerName),
            ["max_connections"] = Number(plan.PostgresMaxConnections),
            ["pool_size"] = HclText.Text(Number(plan.PostgresPoolSize)),
            ["port"] = Number(policy.Upstream.Port),
            ["port_text"] = HclText.Text(Number(policy.Upstream.Port)),
            ["read_timeout"] = Durations.Show(policy.Timeouts.Read),
            ["idle_timeout"] = Number(IdleTimeout(policy)),
            ["algorithm"] = HclText.Text(
                policy.Algorithm == BalancingAlgorithm.LeastConnections ? "least_outstanding_requests" : "round_robin"
            ),
            ["sticky"] = policy.Algorithm == BalancingAlgorithm.LeastConnections ? "false" : "true",
            ["cookie_duration"] = Number(WholeSeconds.Up(policy.Affinity.Duration)),
            ["deregistration_delay"] = Number(WholeSeconds.Up(policy.Draining.Timeout)),
            ["stop_timeout"] = Number(StopTimeout(policy)),
            ["draining_grace"] = HclText.Text(policy.Draining.Grace.ToString("c")),
            ["draining_timeout"] = HclText.Text(policy.Draining.Timeout.ToString("c")),
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
                    : $"routing_http_response_strict_transport_security_header_value = {HclText.Text($"max-age={Number((long)policy.Tls.HstsMaxAge.TotalSeconds)}")}",
            ["cpu"] = Number(size.Cpu),
            ["memory"] = Number(size.Memory),
            ["min_replicas"] = Number(policy.Scaling.MinReplicas),
            ["max_replicas"] = Number(policy.Scaling.MaxReplicas),
            ["cpu_percent"] = Number(policy.Scaling.CpuPercent),
            ["memory_percent"] = Number(policy.Scaling.MemoryPercent),
            ["queue_length"] = Number(policy.Scaling.QueueLength),
        };
    }

    private static string Number(long value) => value.ToString();
}
