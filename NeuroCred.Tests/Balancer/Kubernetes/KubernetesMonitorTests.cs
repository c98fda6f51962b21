using k8s.Models;
using static NeuroCred.Tests.Balancer.Kubernetes.KubernetesCases;

namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>The monitor in the gateway's pods.</summary>
public sealed class KubernetesMonitorTests
{
    private static V1Container Monitor => Assert.Single(Default.GatewayPod.Containers, container => container.Name == "monitor");

    private static V1Container Nginx => Assert.Single(Default.GatewayPod.Containers, container => container.Name == "nginx");

    [Fact]
    public void It_reads_the_log_that_nginx_writes()
    {
        var log = Variable(Monitor, "Monitor__AccessLog");

        Assert.Contains($"access_log {log} ", Default.Texts["gateway/nginx/nginx.conf"], StringComparison.Ordinal);
        Assert.Equal("/var/log/neurocred/access.log", log);
        Assert.All(
            [Nginx, Monitor],
            container => Assert.Contains(container.VolumeMounts, mount => mount is { Name: "log", MountPath: "/var/log/neurocred" })
        );
    }

    [Fact]
    public void It_asks_the_nginx_of_its_own_pod_and_every_replica()
    {
        Assert.Equal("http://localhost:8081/nginx-status", Variable(Monitor, "Monitor__GatewayStatus"));
        Assert.Contains("listen 8081;", Default.Texts["gateway/nginx/conf.d/status.conf"], StringComparison.Ordinal);
        Assert.Equal(
            ("http://api:4000", "http://api:9091"),
            (Variable(Monitor, "Monitor__Discovery__Url"), Variable(Monitor, "Monitor__Discovery__ManagementUrl"))
        );
        Assert.Equal(
            ["http", "management"],
            Default.Get<V1NetworkPolicy>("gateway").Spec.Egress.Last().Ports.Select(port => (string)port.Port)
        );
    }

    // A pod gets requests only while all of its containers are ready.
    [Fact]
    public void It_never_takes_its_pod_out_of_service()
    {
        Assert.Null(Monitor.ReadinessProbe);
        Assert.Null(Monitor.LivenessProbe);
        Assert.Null(Monitor.StartupProbe);
        Assert.Equal(["serve-always"], Monitor.Command);
        Assert.Equal("3", Variable(Monitor, "LIVENESS_FAILURES"));
    }

    // A volume on the node's disk would have the kubelet evict the pod once it is full.
    [Fact]
    public void A_log_that_nobody_reads_is_bounded_and_evicts_no_pod()
    {
        var log = Assert.Single(Default.GatewayPod.Volumes, volume => volume.Name == "log").EmptyDir;

        Assert.Equal(("Memory", "32Mi"), (log.Medium, log.SizeLimit.ToString()));
        Assert.True(Nginx.Resources.Limits["memory"].ToDecimal() >= 4 * log.SizeLimit.ToDecimal());
    }

    [Fact]
    public void It_serves_as_long_as_nginx_does_and_has_its_rights()
    {
        Assert.Equal(Nginx.Lifecycle.PreStop.Sleep.Seconds, Monitor.Lifecycle.PreStop.Sleep.Seconds);
        Assert.True(Monitor.SecurityContext.ReadOnlyRootFilesystem);
        Assert.False(Monitor.SecurityContext.AllowPrivilegeEscalation);
        Assert.Equal(["ALL"], Monitor.SecurityContext.Capabilities.Drop);
        Assert.Equal(["cpu", "memory"], Monitor.Resources.Limits.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nobody_is_let_in_to_it_but_Prometheus_where_that_component_is_used()
    {
        Assert.Equal(
            ["http"],
            Default.Get<V1NetworkPolicy>("gateway").Spec.Ingress.SelectMany(rule => rule.Ports).Select(port => (string)port.Port)
        );

        var objects = Default.ReadFolder("prometheus").ToList();
        var asked = Assert.Single(objects.OfType<PodMonitor>(), found => found.Metadata.Name == "gateway").Spec;
        var endpoint = Assert.Single(asked.PodMetricsEndpoints);
        var letIn = Assert.Single(objects.OfType<V1NetworkPolicy>(), found => found.Metadata.Name == "gateway-metrics").Spec;

        Assert.Equal(Default.Gateway.Spec.Selector.MatchLabels, asked.Selector.MatchLabels);
        Assert.Equal(Default.Gateway.Spec.Selector.MatchLabels, letIn.PodSelector.MatchLabels);
        Assert.Equal(8090, Assert.Single(Monitor.Ports, port => port.Name == endpoint.Port).ContainerPort);
        Assert.Equal([("job", "neurocred-monitor")], endpoint.Relabelings.Select(label => (label.TargetLabel, label.Replacement)));
        var ingress = Assert.Single(letIn.Ingress);
        Assert.Equal([endpoint.Port], ingress.Ports.Select(port => (string)port.Port));
        Assert.Equal("prometheus", Assert.Single(ingress.FromProperty).PodSelector.MatchLabels["app.kubernetes.io/name"]);
    }
}
