namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>
/// The values of the chart of prometheus-adapter, with those that are used here.
/// https://github.com/kubernetes-sigs/prometheus-adapter/blob/master/docs/config.md
/// </summary>
public sealed class AdapterValues
{
    public AdapterRules Rules { get; set; } = new();
}

public sealed class AdapterRules
{
    public List<AdapterRule> Custom { get; set; } = [];
}

public sealed class AdapterRule
{
    public string SeriesQuery { get; set; } = "";

    public AdapterResources Resources { get; set; } = new();

    public AdapterName Name { get; set; } = new();

    public string MetricsQuery { get; set; } = "";
}

public sealed class AdapterResources
{
    public Dictionary<string, AdapterResource> Overrides { get; set; } = [];
}

public sealed class AdapterResource
{
    public string Resource { get; set; } = "";
}

public sealed class AdapterName
{
    public string As { get; set; } = "";
}
