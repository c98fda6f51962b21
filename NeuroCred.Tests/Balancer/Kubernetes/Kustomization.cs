namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>A kustomization.yaml, with those fields that are used here.
/// https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/</summary>
public sealed class Kustomization
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public string? Namespace { get; set; }

    public List<string> Resources { get; set; } = [];

    public List<ConfigMapGenerator> ConfigMapGenerator { get; set; } = [];

    public List<KustomizationPatch> Patches { get; set; } = [];
}

public sealed class ConfigMapGenerator
{
    public string Name { get; set; } = "";

    public List<string> Files { get; set; } = [];
}

public sealed class KustomizationPatch
{
    public string? Path { get; set; }

    public string? Patch { get; set; }

    public KustomizationTarget Target { get; set; } = new();
}

public sealed class KustomizationTarget
{
    public string Group { get; set; } = "";

    public string Version { get; set; } = "";

    public string Kind { get; set; } = "";

    public string Name { get; set; } = "";
}

/// <summary>An operation of JSON Patch (RFC 6902) on an autoscaler.</summary>
public sealed class MetricPatch
{
    public string Op { get; set; } = "";

    public string Path { get; set; } = "";

    public k8s.Models.V2MetricSpec Value { get; set; } = new();
}
