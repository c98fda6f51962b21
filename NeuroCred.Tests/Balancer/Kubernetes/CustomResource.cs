using k8s;
using k8s.Models;

namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>A resource of which the client has no type.</summary>
public abstract class CustomResource<TSpec> : IKubernetesObject<V1ObjectMeta>
    where TSpec : new()
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public TSpec Spec { get; set; } = new();
}
