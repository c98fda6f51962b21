using k8s.Models;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Tests.Balancer.Policy;

namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>What the tests of this folder look at: what the default policy gives, and what another one does.</summary>
internal static class KubernetesCases
{
    public const string AdapterValuesFile = "queue-length/prometheus-adapter-values.yaml";

    public const string Queue = "aspnetcore_rate_limiting_queued_requests";

    // Everything that the cluster takes from the policy, and nothing at its default.
    private static readonly BalancingPolicy s_other = OtherPolicy.Value with
    {
        ServerName = "API.example.org",
        Tls = new() { RedirectHttp = true },
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
