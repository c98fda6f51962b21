using k8s.Models;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>What the tests of this folder look at: what the default policy gives, and what another one does.</summary>
internal static class KubernetesCases
{
    public const string AdapterValuesFile = "queue-length/prometheus-adapter-values.yaml";

    public const string Queue = "aspnetcore_rate_limiting_queued_requests";

    // Everything that the cluster takes from the policy, and nothing at its default.
    private static readonly BalancingPolicy s_other = new()
    {
        Upstream = new() { Port = 5000 },
        ServerName = "API.example.org",
        Tls = new() { RedirectHttp = true },
        Draining = new() { Grace = TimeSpan.FromMilliseconds(2500), Timeout = TimeSpan.FromMilliseconds(12_300) },
        Scaling = new()
        {
            MinReplicas = 4,
            MaxReplicas = 9,
            CpuPercent = 61,
            MemoryPercent = 71,
            QueueLength = 33,
        },
        Health = new()
        {
            Liveness = new()
            {
                Path = "/live",
                Interval = TimeSpan.FromSeconds(4),
                Timeout = TimeSpan.FromMilliseconds(2500),
                HealthyThreshold = 1,
                UnhealthyThreshold = 5,
            },
            Readiness = new()
            {
                Path = "/ready",
                Interval = TimeSpan.FromSeconds(7),
                Timeout = TimeSpan.FromSeconds(6),
                HealthyThreshold = 3,
                UnhealthyThreshold = 4,
            },
        },
    };

    public static TheoryData<string> Names { get; } = ["default", "other"];

    public static KubernetesFiles Default { get; } = FilesOf(new());

    public static KubernetesFiles Other { get; } = FilesOf(s_other);

    public static BalancingPolicy PolicyOf(string name) => name == "default" ? new() : s_other;

    public static KubernetesFiles Files(string policy) => policy == "default" ? Default : Other;

    public static KubernetesFiles FilesOf(BalancingPolicy policy) => new(new DeploymentPlan { Policy = policy });

    /// <summary>The value of a variable of a container.</summary>
    public static string Variable(V1Container container, string name) =>
        Assert.Single(container.Env, variable => variable.Name == name).Value;
}
