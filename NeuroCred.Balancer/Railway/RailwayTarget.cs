using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.Balancer.Railway;

/// <summary>
/// Railway, as its infrastructure as code (<c>.railway/railway.ts</c>): its own edge in front of the Api's replicas, Postgres and Redis.
/// Not <c>railway.json</c>, which it stops reading on 2026-12-01. Beside it what checks the file against the types that Railway publishes.
/// </summary>
internal sealed class RailwayTarget : IDeploymentTarget
{
    // What Railway's Postgres takes.
    private const int Connections = 100;

    public string Name => "railway";

    public string Title => "Railway";

    public string Page => "docs/deploying/railway.md";

    public string DeployedBy => "railway up";

    public IReadOnlyList<DeploymentFile> Render(DeploymentPlan plan)
    {
        PolicyValidator.ThrowIfInvalid(plan.Policy);
        return [.. TargetTemplates.Render("Railway", GetValues(plan))];
    }

    public IReadOnlyList<SettingExplanation> Explain(BalancingPolicy policy) => RailwayExplanation.Of(policy);

    /// <summary>How long a replica has in all, in seconds.</summary>
    internal static int DrainingSeconds(BalancingPolicy policy) => WholeSeconds.UntilEnd(policy.Draining);

    private static Dictionary<string, string> GetValues(DeploymentPlan plan)
    {
        var policy = plan.Policy;
        return new(PlanValues.Of(plan))
        {
            ["replicas"] = plan.RailwayRegion is ""
                ? $"{policy.Scaling.MinReplicas}"
                : $"{{ {JsonText.Quote(plan.RailwayRegion)}: {policy.Scaling.MinReplicas} }}",
            // Until every edge has learnt of the new version: Railway says nothing of how long that takes.
            ["overlap"] = "10",
            ["draining"] = $"{DrainingSeconds(policy)}",
            ["memory_limit_bytes"] = $"{plan.Resources.MemoryLimitMebibytes * 1024L * 1024}",
            ["domains"] = DomainName.Of(policy.ServerName) is { } domain
                ? $"domains: [{{ domain: {JsonText.Quote(domain)}, port: {policy.Upstream.Port} }}],"
                : "",
            ["pool_size"] = $"{PoolSize(plan)}",
            ["hsts_max_age"] = $"{policy.Tls.HstsMaxAge}",
            ["watchdog"] = string.Join(
                '\n',
                ImageWatchdog.Variables(policy.Health.Liveness).Select(v => $"{v.Name}: {JsonText.Quote(v.Value)},")
            ),
        };
    }

    // Twice the replicas: an update runs both versions for a moment.
    private static int PoolSize(DeploymentPlan plan) =>
        PostgresConnections.PoolSize(Connections, 2 * plan.Policy.Scaling.MinReplicas, plan.PostgresPoolSize);
}
