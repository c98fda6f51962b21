using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.Balancer.Railway;

/// <summary>
/// Railway, as its infrastructure as code (<c>.railway/railway.ts</c>): its own edge in front of the Api's replicas, Postgres and Redis.
/// Not <c>railway.json</c>, which it stops reading on 2026-12-01. Beside it what checks the file against the types that Railway publishes.
/// </summary>
internal sealed class RailwayTarget : IDeploymentTarget
{
    private const int ControlPool = 2;

    // What Railway's Postgres takes, less those for people, migrations, and Postgres's own.
    private const int Connections = 100 - 20;

    // The runtime's own end.
    private const int Margin = 2;

    private static readonly string[] s_files = [".railway/railway.ts", "package.json", "tsconfig.json"];

    public string Name => "railway";

    public string Title => "Railway";

    public string Page => "docs/deploying/railway.md";

    public string DeployedBy => "railway up";

    public IReadOnlyList<DeploymentFile> Render(DeploymentPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        PolicyValidator.ThrowIfInvalid(plan.Policy);
        return [.. s_files.Select(new TargetTemplates("Railway", GetValues(plan)).Render)];
    }

    public IReadOnlyList<SettingExplanation> Explain(BalancingPolicy policy) => RailwayExplanation.Of(policy);

    /// <summary>How long a replica has in all, in seconds.</summary>
    internal static int DrainingSeconds(BalancingPolicy policy) => WholeSeconds.Up(policy.Draining.Timeout) + Margin;

    private static Dictionary<string, string> GetValues(DeploymentPlan plan)
    {
        var policy = plan.Policy;
        return new()
        {
            ["readiness_path"] = TypeScriptText.Text(policy.Health.Readiness.Path),
            ["replicas"] = plan.RailwayRegion is ""
                ? Number(policy.Scaling.MinReplicas)
                : $"{{ {TypeScriptText.Text(plan.RailwayRegion)}: {Number(policy.Scaling.MinReplicas)} }}",
            // Until every edge has learnt of the new version: Railway says nothing of how long that takes.
            ["overlap"] = Number(10),
            ["draining"] = Number(DrainingSeconds(policy)),
            ["cpu"] = (plan.Resources.CpuLimitMillicores / 1000m).ToString("0.###"),
            ["memory"] = Number(plan.Resources.MemoryLimitMebibytes * 1024L * 1024),
            ["domains"] = DomainName.Of(policy.ServerName) is { } domain
                ? $"domains: [{{ domain: {TypeScriptText.Text(domain)}, port: {Number(policy.Upstream.Port)} }}],"
                : "",
            ["pool_size"] = TypeScriptText.Text(Number(PoolSize(plan))),
            ["port"] = TypeScriptText.Text(Number(policy.Upstream.Port)),
            ["draining_grace"] = TypeScriptText.Text(policy.Draining.Grace.ToString("c")),
            ["hsts_max_age"] = TypeScriptText.Text(policy.Tls.HstsMaxAge.ToString("c")),
            ["draining_timeout"] = TypeScriptText.Text(policy.Draining.Timeout.ToString("c")),
            ["watchdog"] = string.Join(
                '\n',
                ImageWatchdog.Variables(policy.Health.Liveness).Select(v => $"{v.Name}: {TypeScriptText.Text(v.Value)},")
            ),
        };
    }

    // Twice the replicas: an update runs both versions for a moment.
    private static int PoolSize(DeploymentPlan plan) =>
        Math.Clamp((Connections / (2 * plan.Policy.Scaling.MinReplicas)) - ControlPool, 1, plan.PostgresPoolSize);

    private static string Number(long value) => value.ToString();
}
