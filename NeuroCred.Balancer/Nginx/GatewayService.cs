using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Policy;
using static NeuroCred.Balancer.Deployment.SettingSupport;

namespace NeuroCred.Balancer.Nginx;

/// <summary>
/// NeuroCred's nginx on a platform that has a load balancer of its own and gives all replicas one name in DNS: its configuration, and the
/// script that starts it. A <see cref="DeployedMonitor"/> is beside it.
/// </summary>
internal static class GatewayService
{
    /// <summary>The folder of its files.</summary>
    internal const string Folder = "gateway";

    /// <summary>Where nginx listens: above those ports that take a right.</summary>
    internal const int Port = 8080;

    /// <summary>How many of them there are at least: one may end at any time.</summary>
    internal const int LeastInstances = 2;

    /// <summary>The replicas' name in the configuration, and the name of their Service in Kubernetes. start.sh replaces it by the whole
    /// name, which is known where it runs: nginx knows no search list.</summary>
    internal const string Replicas = "api";

    // Replaced as well.
    private const string Dns = "dns";

    // A machine may have a hundred processors, and as many workers would need more memory than nginx has.
    private const int Workers = 2;

    // worker_shutdown_timeout in nginx/nginx.conf, and a margin.
    internal const int ShutdownSeconds = 4 + 2;

    /// <summary>How many there are at most, each with a quarter of a processor: nginx needs about a quarter of what the replicas
    /// need (docs/scaling.md).</summary>
    internal static int MostInstances(DeploymentPlan plan) =>
        Math.Max(LeastInstances, (int)Math.Ceiling(plan.Policy.Scaling.MaxReplicas * plan.Resources.CpuMillicores / 1000.0));

    /// <summary>Its files.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="proxies">The networks of the platform's load balancer, which says who the client is and that it came by HTTPS.</param>
    /// <param name="seesClients">Whether that load balancer names clients by their own addresses.</param>
    internal static IReadOnlyList<DeploymentFile> Render(BalancingPolicy policy, IReadOnlyList<string> proxies, bool seesClients)
    {
        var trusting = policy with { TrustedNetworks = [.. proxies.Union(policy.TrustedNetworks)] };
        var configuration = NginxConfiguration.Following(trusting, Replicas, Dns, Port) with
        {
            Workers = Workers,
            SeesClients = seesClients,
            AccessLogFile = DeployedMonitor.AccessLog,
            StatusPort = DeployedMonitor.StatusPort,
        };
        var values = new Dictionary<string, string>
        {
            ["replicas"] = Replicas,
            ["dns"] = Dns,
            ["log"] = DeployedMonitor.AccessLog,
            ["log_bytes"] = $"{DeployedMonitor.LogMebibytes * 1024 * 1024}",
        };
        return [.. TargetTemplates.Render("Nginx", values), .. NginxTarget.Files($"{Folder}/nginx", configuration)];
    }

    /// <summary>
    /// Whether nginx tells clients apart where all come from the cluster's Gateway (Kubernetes), or from a content delivery network before
    /// the load balancer (Render): by <see cref="BalancingPolicy.TrustedNetworks"/>, if these have it.
    /// </summary>
    internal static bool KnowsProxies(BalancingPolicy policy) => policy.TrustedNetworks is not [];

    /// <summary>The limits of a client where nginx does not tell clients apart: one for each would be one for all of them.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="seen">What nginx sees instead.</param>
    internal static IEnumerable<SettingExplanation> Limits(BalancingPolicy policy, string seen) =>
        KnowsProxies(policy)
            ? []
            : ((string[])["Limits:ConnectionsPerClient", "Limits:RequestsPerSecond", "Limits:Burst"]).Select(key => new SettingExplanation(
                key,
                Missing,
                $"nothing is rendered: nginx sees {seen} alone. Set `TrustedNetworks`, and it is as with nginx"
            ));

    /// <summary>What nginx makes of the algorithm where there are several of it.</summary>
    internal static SettingExplanation Algorithm(BalancingPolicy policy) =>
        policy.Algorithm switch
        {
            BalancingAlgorithm.CookieHash => new("Algorithm", Full, $"{NginxExplanations.Sticky}; the same in each nginx"),
            BalancingAlgorithm.IpHash => new("Algorithm", Approximate, "`ip_hash`, by each nginx on its own"),
            _ => new("Algorithm", Approximate, "`least_conn`, counted by each nginx on its own"),
        };
}
