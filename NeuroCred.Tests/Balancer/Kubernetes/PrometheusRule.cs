namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>
/// The Prometheus Operator's PrometheusRule, with those fields of version 1 that are used here: a custom resource, of which the client has
/// no type.
/// https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRule
/// </summary>
public sealed class PrometheusRule : CustomResource<PrometheusRuleSpec>;

/// <summary>What a file of rules has too.</summary>
public sealed class PrometheusRuleSpec
{
    public List<RuleGroup> Groups { get; set; } = [];
}

public sealed class RuleGroup
{
    public string Name { get; set; } = "";

    public List<Rule> Rules { get; set; } = [];
}

public sealed class Rule
{
    public string? Record { get; set; }

    public string? Alert { get; set; }

    public string Expr { get; set; } = "";

    public string? For { get; set; }

    public Dictionary<string, string>? Labels { get; set; }

    public Dictionary<string, string>? Annotations { get; set; }
}
