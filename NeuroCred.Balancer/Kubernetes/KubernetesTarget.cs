using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.Balancer.Kubernetes;

/// <summary>
/// Kubernetes, as a Kustomize base: the replicas and NeuroCred's own nginx in front of them, and a migration that is applied before. A
/// Postgres and a Redis, for who has none. Components for what some clusters have: Prometheus, an adapter that serves the queue length,
/// load balancers without the Gateway API.
/// </summary>
internal sealed class KubernetesTarget : IDeploymentTarget
{
    // Part of another file, if the policy wants it.
    private const string RedirectRoute = "redirect-route.yaml";

    public string Name => "kubernetes";

    public string Title => "Kubernetes";

    public string Page => "docs/deploying/kubernetes.md";

    public string DeployedBy => "kubectl apply -k .";

    public IReadOnlyList<DeploymentFile> Render(DeploymentPlan plan)
    {
        PolicyValidator.ThrowIfInvalid(plan.Policy);
        var nginx = GatewayService.Render(plan.Policy, [], GatewayService.KnowsProxies(plan.Policy));
        var values = GetValues(plan, [.. nginx.Select(file => file.Path)]);
        return [.. TargetTemplates.Render("Kubernetes", values).Where(file => file.Path != RedirectRoute), .. nginx];
    }

    public IReadOnlyList<SettingExplanation> Explain(BalancingPolicy policy) => KubernetesExplanation.Of(policy);

    // Where a file of the ConfigMap, whose keys are names without a folder, lies in the volume.
    private static string RenderItem(string path) =>
        $"- key: {Path.GetFileName(path)}\n  path: {Path.GetRelativePath(GatewayService.Folder, path)}";

    // Prometheus's rules, with the number of replicas that there should be.
    private static string RenderRules(BalancingPolicy policy) =>
        TextTemplate
            .ReadText("deploy/prometheus/rules.yml")
            .Replace("expr: vector(3)", $"expr: vector({policy.Scaling.MinReplicas})", StringComparison.Ordinal)
            .TrimEnd('\n');

    private static string Variables(IEnumerable<(string Name, string Value)> variables) =>
        string.Join('\n', variables.Select(v => $"- name: {v.Name}\n  value: {JsonText.Quote(v.Value)}"));

    private static Dictionary<string, string> GetValues(DeploymentPlan plan, IReadOnlyList<string> nginxFiles)
    {
        var policy = plan.Policy;
        var values = new Dictionary<string, string>(PlanValues.Of(plan))
        {
            ["monitor_environment"] = Variables([
                .. DeployedMonitor.Settings(policy),
                .. DeployedMonitor.Discovery(policy, GatewayService.Replicas),
            ]),
            // All, one more during an update, and one that leaves.
            ["max_connections"] = $"{PostgresConnections.Needed(policy.Scaling.MaxReplicas + 2, plan.PostgresPoolSize)}",
            ["migration_name"] = KubernetesNames.Migration(plan.Images.Api),
            ["replicas"] = GatewayService.Replicas,
            ["gateway_port"] = $"{GatewayService.Port}",
            ["gateway_health_path"] = NginxConfiguration.HealthPath,
            ["nginx_files"] = string.Join('\n', nginxFiles.Select(path => $"- {path}")),
            ["nginx_items"] = string.Join('\n', nginxFiles.Select(RenderItem)),
            ["pre_stop"] = $"{KubernetesTimes.PreStop}",
            ["termination_grace"] = $"{KubernetesTimes.TerminationGrace(policy)}",
            ["progress_deadline"] = $"{KubernetesTimes.ProgressDeadline(policy)}",
            ["gateway_termination_grace"] = $"{KubernetesTimes.GatewayTerminationGrace}",
            ["liveness_interval"] = $"{WholeSeconds.Up(policy.Health.Liveness.Interval)}",
            ["liveness_timeout"] = $"{WholeSeconds.Up(policy.Health.Liveness.Timeout)}",
            ["watchdog"] = Variables(ImageWatchdog.Variables(policy.Health.Liveness)),
            ["backstop_interval"] = $"{WholeSeconds.Up(policy.Health.Liveness.Interval, ImageWatchdog.BusySeconds)}",
            ["backstop_timeout"] = $"{WholeSeconds.Up(policy.Health.Liveness.Timeout, ImageWatchdog.BusySeconds)}",
            ["readiness_interval"] = $"{KubernetesTimes.ReadinessInterval(policy)}",
            ["readiness_timeout"] = $"{WholeSeconds.Up(policy.Health.Readiness.Timeout)}",
            ["queue_metric"] = KubernetesExplanation.QueueMetric,
            ["rules"] = RenderRules(policy),
            ["hostnames"] = DomainName.Of(policy.ServerName) is { } name ? $"hostnames:\n  - {JsonText.Quote(name)}" : "",
            ["https_listener"] = policy.Tls.RedirectHttp ? "sectionName: https" : "",
        };
        values["redirect_route"] = policy.Tls.RedirectHttp
            ? TextTemplate.Read($"Kubernetes/Templates/{RedirectRoute}").Render(values).TrimEnd('\n')
            : "";
        return values;
    }
}
