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

    // From which Render's load balancer comes.
    private const string Network = "10.0.0.0/8";

    public string Name => "render";

    public string Title => "Render";

    public string Page => "docs/deploying/render.md";

    public string DeployedBy => "New > Blueprint";

    public IReadOnlyList<DeploymentFile> Render(DeploymentPlan plan)
    {
        PolicyValidator.ThrowIfInvalid(plan.Policy);
        return
        [
            .. TargetTemplates.Render("Render", GetValues(plan)),
            .. GatewayService.Render(plan.Policy, [Network], GatewayService.KnowsProxies(plan.Policy)),
        ];
    }

    public IReadOnlyList<SettingExplanation> Explain(BalancingPolicy policy) => RenderExplanation.Of(policy);

    /// <summary>How long an instance has in all, in seconds.</summary>
    internal static int ShutdownDelay(BalancingPolicy policy) => WholeSeconds.UntilEnd(policy.Draining, LongestShutdown);

    private static Dictionary<string, string> GetValues(DeploymentPlan plan)
    {
        var policy = plan.Policy;
        var (database, poolSize) = RenderDatabase.Of(plan);
        var mostGateways = GatewayService.MostInstances(plan);
        return new(PlanValues.Of(plan))
        {
            ["region"] = plan.RenderRegion,
            ["plan"] = Instance(plan.Resources),
            ["domains"] = DomainName.Of(policy.ServerName) is { } domain ? $"domains:\n  - {JsonText.Quote(domain)}" : "",
            ["shutdown_delay"] = $"{ShutdownDelay(policy)}",
            ["instances"] = Instances(policy.Scaling),
            ["pool_size"] = $"{poolSize}",
            ["monitor_environment"] = Variables(DeployedMonitor.Settings(policy)),
            // The name is known where the container runs.
            ["monitor_discovery"] =
                "export "
                + string.Join(' ', DeployedMonitor.Discovery(policy, "$REPLICAS").Select(setting => $"{setting.Name}=\"{setting.Value}\"")),
            ["gateway_port"] = $"{GatewayService.Port}",
            ["gateway_instances"] = Instances(
                policy.Scaling with
                {
                    MinReplicas = policy.Scaling.MinReplicas == policy.Scaling.MaxReplicas ? mostGateways : GatewayService.LeastInstances,
                    MaxReplicas = mostGateways,
                }
            ),
            ["gateway_shutdown_delay"] = $"{GatewayService.ShutdownSeconds}",
            ["watchdog"] = Variables(ImageWatchdog.Variables(policy.Health.Liveness)),
            ["database_plan"] = database.Plan,
            ["connections"] = $"{RenderDatabase.Needed(plan, poolSize)}",
            ["high_availability"] = database.CanBeHighlyAvailable ? "highAvailability:\n  enabled: true" : "",
        };
    }

    private static string Variables(IEnumerable<(string Name, string Value)> variables) =>
        string.Join('\n', variables.Select(v => $"- key: {v.Name}\n  value: {JsonText.Quote(v.Value)}"));

    // Where no instance is ever added, scaling by hand is enough, which every workspace has.
    private static string Instances(ScalingPolicy scaling)
    {
        var (least, most) = (Math.Min(scaling.MinReplicas, MostInstances), Math.Min(scaling.MaxReplicas, MostInstances));
        return least == most
            ? $"numInstances: {least}"
            : $"""
                scaling:
                  minInstances: {least}
                  maxInstances: {most}
                  targetCPUPercent: {scaling.CpuPercent}
                  targetMemoryPercent: {scaling.MemoryPercent}
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
