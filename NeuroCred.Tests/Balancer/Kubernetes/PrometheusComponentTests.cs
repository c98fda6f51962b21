using k8s;
using k8s.Models;
using NeuroCred.Tests.Telemetry;
using static NeuroCred.Tests.Balancer.Kubernetes.KubernetesCases;

namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>The component for clusters with the Prometheus Operator.</summary>
public sealed class PrometheusComponentTests
{
    [Fact]
    public void Prometheus_asks_every_replica_and_is_let_in()
    {
        var objects = Default.ReadFolder("prometheus").ToList();
        var monitor = Assert.Single(objects.OfType<PodMonitor>(), found => found.Metadata.Name == "api");
        var policy = Assert.Single(objects.OfType<V1NetworkPolicy>(), found => found.Metadata.Name == "api-metrics");
        var endpoint = Assert.Single(monitor.Spec.PodMetricsEndpoints);

        Assert.Equal(Default.Api.Spec.Selector.MatchLabels, monitor.Spec.Selector.MatchLabels);
        // The port for requests has no metrics.
        var port = Assert.Single(Default.ApiContainer.Ports, port => port.Name == endpoint.Port);
        Assert.Equal(9091, port.ContainerPort);
        Assert.Equal("/metrics", endpoint.Path);
        // What the alerts go by.
        Assert.Equal(
            [("job", "neurocred-api"), ("replica", null)],
            endpoint.Relabelings.Select(label => (label.TargetLabel, label.Replacement))
        );
        Assert.Equal(Default.Api.Spec.Selector.MatchLabels, policy.Spec.PodSelector.MatchLabels);
        var ingress = Assert.Single(policy.Spec.Ingress);
        Assert.Equal([endpoint.Port], ingress.Ports.Select(port => (string)port.Port));
        Assert.Equal("prometheus", Assert.Single(ingress.FromProperty).PodSelector.MatchLabels["app.kubernetes.io/name"]);
    }

    [Theory]
    [MemberData(nameof(Names), MemberType = typeof(KubernetesCases))]
    public void The_alerts_come_with_it_and_know_how_many_replicas_there_should_be(string policy)
    {
        var rules = Assert
            .Single(Files(policy).ReadFolder("prometheus").OfType<PrometheusRule>())
            .Spec.Groups.SelectMany(group => group.Rules)
            .ToList();
        var file = KubernetesYaml.Deserialize<PrometheusRuleSpec>(
            File.ReadAllText(Path.Combine(MonitoringFiles.PrometheusFolder, "rules.yml")),
            strict: true
        );
        var expected = file.Groups.SelectMany(group => group.Rules).ToList();
        var wanted = Assert.Single(expected, rule => rule.Record == "neurocred:replicas_wanted");
        wanted.Expr = $"vector({PolicyOf(policy).Scaling.MinReplicas})";

        Assert.Contains(rules, rule => rule.Alert == "NeuroCredRequestsHeld");
        Assert.Equivalent(expected, rules, strict: true);
    }
}
