using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.Balancer.Render;

/// <summary>
/// Render, as a Blueprint: its own load balancer in front of NeuroCred's nginx, the Api's instances as a private service, Postgres and Key
/// Value.
/// </summary>
internal sealed class RenderTarget : IDeploymentTarget
{
    /// <summary>The most instances that a service has there.</summary>
    internal const int MostInstances = 100;

    /// <summary>The most seconds between SIGTERM and SIGKILL.</summary>
    internal const int LongestShutdown = 300;

    // The runtime's own end.
    private const int Margin = 2;

    // From which Render's load balancer comes.
    private const string Network = "10.0.0.0/8";

    public string Name => "render";

    public string Title => "Render";

    public string Page => "docs/deploying/render.md";

    public string DeployedBy => "New > Blueprint";

    public IReadOnlyList<DeploymentFile> Render(DeploymentPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        PolicyValidator.ThrowIfInvalid(plan.Policy);
        var templates = new TargetTemplates("Render", GetValues(plan));
        return
        [
            templates.Render("render.yaml"),
            templates.Render($"{GatewayService.Folder}/Dockerfile"),
            .. GatewayService.Render(plan.Policy, [Network], SeesClients(plan.Policy)),
        ];
    }

    public IReadOnlyList<SettingExplanation> Explain(BalancingPolicy policy) => RenderExplanation.Of(policy);

    /// <summary>How long an instance has in all, in seconds.</summary>
    internal static int ShutdownDelay(BalancingPolicy policy) =>
        Math.Min(WholeSeconds.Up(policy.Draining.Timeout) + Margin, LongestShutdown);

    /// <summary>
    /// Whether nginx tells clients apart: before Render's load balancer is a content delivery network, whose addresses are all that is
    /// known unless <see cref="BalancingPolicy.TrustedNetworks"/> has them.
    /// </summary>
    internal static bool SeesClients(BalancingPolicy policy) => policy.TrustedNetworks is not [];

    private static Dictionary<string, string> GetValues(DeploymentPlan plan)
    {
        var policy = plan.Policy;
        var (database, poolSize) = RenderDatabase.Of(plan);
        var mostGateways = GatewayService.MostInstances(plan);
        return new()
        {
            ["region"] = plan.RenderRegion,
            ["plan"] = YamlText.Text(Instance(plan.Resources)),
            ["domains"] = DomainName.Of(policy.ServerName) is { } domain ? $"domains:\n  - {YamlText.Text(domain)}" : "",
            ["readiness_path"] = YamlText.Text(policy.Health.Readiness.Path),
            ["shutdown_delay"] = YamlText.Number(ShutdownDelay(policy)),
            ["instances"] = Instances(policy.Scaling),
            ["port"] = YamlText.Text(policy.Upstream.Port),
            ["pool_size"] = YamlText.Text(poolSize),
            ["draining_grace"] = YamlText.Text(policy.Draining.Grace.ToString("c")),
            ["draining_timeout"] = YamlText.Text(policy.Draining.Timeout.ToString("c")),
            ["nginx_image"] = plan.Images.Nginx,
            ["log_folder"] = DeployedMonitor.LogFolder,
            ["monitor_environment"] = Variables(DeployedMonitor.Settings(policy)),
            // The name is known where the container runs.
            ["monitor_discovery"] =
                "export "
                + string.Join(' ', DeployedMonitor.Discovery(policy, "$REPLICAS").Select(setting => $"{setting.Name}=\"{setting.Value}\"")),
            ["gateway_port"] = YamlText.Number(GatewayService.Port),
            ["gateway_port_text"] = YamlText.Text(GatewayService.Port),
            ["gateway_instances"] = Instances(
                policy.Scaling with
                {
                    MinReplicas = policy.Scaling.MinReplicas == policy.Scaling.MaxReplicas ? mostGateways : GatewayService.LeastInstances,
                    MaxReplicas = mostGateways,
                }
            ),
            ["gateway_shutdown_delay"] = YamlText.Number(GatewayService.ShutdownSeconds),
            ["watchdog"] = Variables(ImageWatchdog.Variables(policy.Health.Liveness)),
            ["database_plan"] = YamlText.Text(database.Plan),
            ["connections"] = YamlText.Number(RenderDatabase.Needed(plan, poolSize)),
            ["high_availability"] = database.CanBeHighlyAvailable ? "highAvailability:\n  enabled: true" : "",
        };
    }

    private static string Variables(IEnumerable<(string Name, string Value)> variables) =>
        string.Join('\n', variables.Select(v => $"- key: {v.Name}\n  value: {YamlText.Text(v.Value)}"));

    // Where no instance is ever added, scaling by hand is enough, which every workspace has.
    private static string Instances(ScalingPolicy scaling)
    {
        var (least, most) = (Math.Min(scaling.MinReplicas, MostInstances), Math.Min(scaling.MaxReplicas, MostInstances));
        return least == most
            ? $"numInstances: {YamlText.Number(least)}"
            : $"""
                scaling:
                  minInstances: {YamlText.Number(least)}
                  maxInstances: {YamlText.Number(most)}
                  targetCPUPercent: {YamlText.Number(scaling.CpuPercent)}
                  targetMemoryPercent: {YamlText.Number(scaling.MemoryPercent)}
                """;
    }

    // https://render.com/pricing#services: processors and MiB of memory.
    private static string Instance(ReplicaResources resources)
    {
        (string Plan, double Cpu, int Memory)[] plans =
        [
            ("starter", 0.5, 512),
            ("standard", 1, 2048),
            ("pro", 2, 4096),
            ("pro plus", 4, 8192),
            ("pro max", 4, 16384),
            ("pro ultra", 8, 32768),
        ];
        var fits = Array.Find(plans, plan => plan.Cpu * 1000 >= resources.CpuMillicores && plan.Memory >= resources.MemoryLimitMebibytes);
        return fits.Plan ?? throw PolicyValidator.Invalid(DeploymentPlanReader.TooLarge(resources, "Render"));
    }
}
