using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Policy;
using NeuroCred.Settings;

namespace NeuroCred.Balancer.Kubernetes;

/// <summary>
/// Kubernetes, as a Kustomize base: the replicas and NeuroCred's own nginx in front of them, and a migration that is applied before. A
/// Postgres and a Redis, for who has none. Components for what some clusters have: Prometheus, an adapter that serves the queue length,
/// load balancers without the Gateway API.
/// </summary>
internal sealed class KubernetesTarget : IDeploymentTarget
{
    private const string Folder = "Kubernetes";

    private static readonly string[] s_files =
    [
        "kustomization.yaml",
        "namespace.yaml",
        "service-account.yaml",
        "network-policy.yaml",
        "api-deployment.yaml",
        "api-service.yaml",
        "api-autoscaler.yaml",
        "api-disruption-budget.yaml",
        "gateway-deployment.yaml",
        "gateway-service.yaml",
        "gateway-disruption-budget.yaml",
        "gateway-route.yaml",
        "migration/kustomization.yaml",
        "migration/job.yaml",
        "queue-length/kustomization.yaml",
        "queue-length/autoscaler-patch.yaml",
        "queue-length/prometheus-adapter-values.yaml",
        "prometheus/kustomization.yaml",
        "prometheus/pod-monitor.yaml",
        "prometheus/network-policy.yaml",
        "prometheus/rules.yaml",
        "load-balancer/kustomization.yaml",
        "load-balancer/service-patch.yaml",
        "postgres/kustomization.yaml",
        "postgres/cluster.yaml",
        "postgres/network-policy.yaml",
        "redis/kustomization.yaml",
        "redis/stateful-set.yaml",
        "redis/service.yaml",
        "redis/network-policy.yaml",
    ];

    public string Name => "kubernetes";

    public string Title => "Kubernetes";

    public string Page => "docs/deploying/kubernetes.md";

    public string DeployedBy => "kubectl apply -k .";

    public IReadOnlyList<DeploymentFile> Render(DeploymentPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        PolicyValidator.ThrowIfInvalid(plan.Policy);
        var nginx = GatewayService.Render(plan.Policy, [], SeesClients(plan.Policy));
        var templates = new TargetTemplates(Folder, GetValues(plan, [.. nginx.Select(file => file.Path)]));
        return [.. s_files.Select(templates.Render), .. nginx];
    }

    public IReadOnlyList<SettingExplanation> Explain(BalancingPolicy policy) => KubernetesExplanation.Of(policy);

    /// <summary>Whether nginx sees who the clients are: all connections come from the cluster's Gateway.</summary>
    internal static bool SeesClients(BalancingPolicy policy) => policy.TrustedNetworks is not [];

    // Where a file of the ConfigMap, whose keys are names without a folder, lies in the volume.
    private static string RenderItem(string path) =>
        $"- key: {Path.GetFileName(path)}\n  path: {Path.GetRelativePath(GatewayService.Folder, path)}";

    // Prometheus's rules, with the number of replicas that there should be.
    private static string RenderRules(BalancingPolicy policy) =>
        TextTemplate
            .ReadText("deploy/prometheus/rules.yml")
            .Replace("expr: vector(3)", $"expr: vector({YamlText.Number(policy.Scaling.MinReplicas)})", StringComparison.Ordinal)
            .TrimEnd('\n');

    private static Dictionary<string, string> GetValues(DeploymentPlan plan, IReadOnlyList<string> nginxFiles)
    {
        var policy = plan.Policy;
        var hostnames = DomainName.Of(policy.ServerName) is { } name ? $"hostnames:\n  - {YamlText.Text(name)}" : "";
        return new()
        {
            ["api_image"] = YamlText.Text(plan.Images.Api),
            ["monitor_image"] = YamlText.Text(plan.Images.Monitor),
            ["monitor_port"] = YamlText.Number(DeployedMonitor.Port),
            ["monitor_environment"] = string.Join(
                '\n',
                DeployedMonitor
                    .Settings(policy)
                    .Concat(DeployedMonitor.Discovery(policy, GatewayService.Replicas))
                    .Select(v => $"- name: {v.Name}\n  value: {YamlText.Text(v.Value)}")
            ),
            ["log_folder"] = DeployedMonitor.LogFolder,
            ["log_size"] = $"{DeployedMonitor.LogMebibytes}Mi",
            ["nginx_image"] = YamlText.Text(plan.Images.Nginx),
            ["cloudnative_pg_image"] = YamlText.Text(plan.Images.CloudNativePg),
            ["redis_image"] = YamlText.Text(plan.Images.Redis),
            ["migration_name"] = KubernetesNames.Migration(plan.Images.Api),
            ["port"] = YamlText.Number(policy.Upstream.Port),
            ["management_port"] = YamlText.Number(DefaultPorts.Management),
            ["port_text"] = YamlText.Text(policy.Upstream.Port),
            ["replicas"] = GatewayService.Replicas,
            ["gateway_port"] = YamlText.Number(GatewayService.Port),
            ["gateway_health_path"] = NginxConfiguration.HealthPath,
            ["nginx_files"] = string.Join('\n', nginxFiles.Select(path => $"- {path}")),
            ["nginx_items"] = string.Join('\n', nginxFiles.Select(RenderItem)),
            ["draining_grace"] = YamlText.Text(policy.Draining.Grace.ToString("c")),
            ["draining_timeout"] = YamlText.Text(policy.Draining.Timeout.ToString("c")),
            ["pre_stop"] = YamlText.Number(KubernetesTimes.PreStop),
            ["termination_grace"] = YamlText.Number(KubernetesTimes.TerminationGrace(policy)),
            ["gateway_termination_grace"] = YamlText.Number(KubernetesTimes.GatewayTerminationGrace),
            ["pool_size"] = YamlText.Text(plan.PostgresPoolSize),
            ["max_connections"] = YamlText.Text(plan.PostgresMaxConnections),
            ["liveness_path"] = YamlText.Text(policy.Health.Liveness.Path),
            ["liveness_interval"] = YamlText.Number(WholeSeconds.Up(policy.Health.Liveness.Interval)),
            ["liveness_timeout"] = YamlText.Number(WholeSeconds.Up(policy.Health.Liveness.Timeout)),
            ["watchdog"] = string.Join(
                '\n',
                ImageWatchdog.Variables(policy.Health.Liveness).Select(v => $"- name: {v.Name}\n  value: {YamlText.Text(v.Value)}")
            ),
            ["backstop_interval"] = YamlText.Number(WholeSeconds.Up(policy.Health.Liveness.Interval, ImageWatchdog.BusySeconds)),
            ["backstop_timeout"] = YamlText.Number(WholeSeconds.Up(policy.Health.Liveness.Timeout, ImageWatchdog.BusySeconds)),
            ["liveness_failures"] = YamlText.Number(policy.Health.Liveness.UnhealthyThreshold),
            ["readiness_path"] = YamlText.Text(policy.Health.Readiness.Path),
            ["readiness_interval"] = YamlText.Number(KubernetesTimes.ReadinessInterval(policy)),
            ["readiness_timeout"] = YamlText.Number(WholeSeconds.Up(policy.Health.Readiness.Timeout)),
            ["readiness_failures"] = YamlText.Number(policy.Health.Readiness.UnhealthyThreshold),
            ["cpu_request"] = $"{plan.Resources.CpuMillicores}m",
            ["cpu_limit"] = $"{plan.Resources.CpuLimitMillicores}m",
            ["memory_request"] = $"{plan.Resources.MemoryMebibytes}Mi",
            ["memory_limit"] = $"{plan.Resources.MemoryLimitMebibytes}Mi",
            ["min_replicas"] = YamlText.Number(policy.Scaling.MinReplicas),
            ["max_replicas"] = YamlText.Number(policy.Scaling.MaxReplicas),
            ["cpu_percent"] = YamlText.Number(policy.Scaling.CpuPercent),
            ["memory_percent"] = YamlText.Number(policy.Scaling.MemoryPercent),
            ["queue_metric"] = KubernetesExplanation.QueueMetric,
            ["queue_length"] = YamlText.Text(policy.Scaling.QueueLength),
            ["rules"] = RenderRules(policy),
            ["hostnames"] = hostnames,
            ["https_listener"] = policy.Tls.RedirectHttp ? "sectionName: https" : "",
            ["redirect_route"] = policy.Tls.RedirectHttp
                ? new TargetTemplates(Folder, new Dictionary<string, string> { ["hostnames"] = hostnames })
                    .Render("redirect-route.yaml")
                    .Content.TrimEnd('\n')
                : "",
        };
    }
}
