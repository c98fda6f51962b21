using k8s.Models;

namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>
/// The Prometheus Operator's PodMonitor, with those fields of version 1 that are used here: a custom resource, of which the client has no
/// type.
/// https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor
/// </summary>
public sealed class PodMonitor : CustomResource<PodMonitorSpec>;

public sealed class PodMonitorSpec
{
    public V1LabelSelector Selector { get; set; } = new();

    public List<PodMetricsEndpoint> PodMetricsEndpoints { get; set; } = [];
}

public sealed class PodMetricsEndpoint
{
    public string Port { get; set; } = "";

    public string? Path { get; set; }

    public string? Interval { get; set; }

    public List<Relabeling> Relabelings { get; set; } = [];
}

public sealed class Relabeling
{
    public List<string>? SourceLabels { get; set; }

    public string TargetLabel { get; set; } = "";

    public string? Replacement { get; set; }
}
