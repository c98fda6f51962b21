using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.Balancer.Kubernetes;

/// <summary>
/// The configuration of NeuroCred's nginx in the cluster: the same templates as anywhere, with one server, whose name is the addresses of
/// all ready replicas.
/// </summary>
internal static class KubernetesGateway
{
    /// <summary>Where nginx listens: above those ports that take a right.</summary>
    internal const int Port = 8080;

    // A node may have a hundred processors, and as many workers would need more memory than the container has.
    private const int Workers = 2;

    /// <summary>
    /// The name of the replicas' Service. The pod completes it when it starts: nginx knows no search list, and an overlay may choose the
    /// namespace.
    /// </summary>
    internal const string Replicas = "api";

    /// <summary>What stands for the cluster's DNS until the pod starts.</summary>
    internal const string Dns = "cluster-dns";

    private const string Folder = "nginx/";

    // That of the image.
    private static readonly Version s_version = new(1, 30);

    internal static IReadOnlyList<DeploymentFile> Render(BalancingPolicy policy)
    {
        var configuration = new NginxConfiguration
        {
            Policy = policy,
            Servers = [new(Replicas, Replicas, policy.Upstream.Port)],
            HttpPort = Port,
            Workers = Workers,
            Resolver = new(Dns),
            NginxVersion = s_version,
            SeesClients = SeesClients(policy),
            JsModule = NginxConfiguration.UsualJsModule,
            AccessLogFile = DeployedMonitor.AccessLog,
            StatusPort = DeployedMonitor.StatusPort,
        };
        return [.. NginxTarget.Files("nginx", configuration)];
    }

    /// <summary>Whether nginx sees who the clients are: all connections come from the cluster's Gateway.</summary>
    internal static bool SeesClients(BalancingPolicy policy) => policy.TrustedNetworks is not [];

    /// <summary>Where a file of the ConfigMap, whose keys are names without a folder, lies in the volume.</summary>
    internal static string RenderItem(string path) => $"- key: {Path.GetFileName(path)}\n  path: {path[Folder.Length..]}";
}
