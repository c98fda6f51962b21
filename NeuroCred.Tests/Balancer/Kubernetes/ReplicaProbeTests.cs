using k8s.Models;
using static NeuroCred.Tests.Balancer.Kubernetes.KubernetesCases;

namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>How the kubelet asks a replica whether it lives and serves.</summary>
public sealed class ReplicaProbeTests
{
    [Fact]
    public void A_new_pod_gets_requests_within_five_seconds_of_being_ready_whatever_a_load_balancer_is_told()
    {
        var probe = Default.ApiContainer.ReadinessProbe;

        Assert.Equal(TimeSpan.FromSeconds(30), new BalancingPolicy().Health.Readiness.Interval);
        Assert.InRange(probe.PeriodSeconds!.Value * (probe.SuccessThreshold ?? 1), 1, 5);
    }

    [Fact]
    public void The_policy_decides_how_a_replica_is_probed()
    {
        var container = Other.ApiContainer;

        string[] names = ["PATH", "INTERVAL", "TIMEOUT", "FAILURES"];
        Assert.Equal(["/live", "4", "2.5", "5"], names.Select(name => Variable(container, $"LIVENESS_{name}")));
        Assert.Equal(("/ready", 5, 6, 4), Numbers(container.ReadinessProbe));
        Assert.Equal("/live", container.StartupProbe.HttpGet.Path);
        // Kubernetes takes no other number for these two, and refuses the whole object.
        Assert.True(container.LivenessProbe.SuccessThreshold is null or 1);
        Assert.True(container.StartupProbe.SuccessThreshold is null or 1);
        Assert.Equal([("http", 5000), ("management", 9091)], container.Ports.Select(port => (port.Name, port.ContainerPort)));
        Assert.Equal("5000", Variable(container, "ASPNETCORE_HTTP_PORTS"));
    }

    [Theory]
    [MemberData(nameof(Names), MemberType = typeof(KubernetesCases))]
    public void The_kubelet_kills_no_replica_that_the_images_watchdog_spares_because_it_is_busy(string policy)
    {
        var probe = Files(policy).ApiContainer.LivenessProbe;
        var script = File.ReadAllText(Path.Combine(Repository.Folder, "eng/images/service/serve"));
        var patience = int.Parse(Regex.Match(script, "answers_within (\\d+) ").Groups[1].ValueSpan);

        Assert.Equal(PolicyOf(policy).Health.Liveness.Path, probe.HttpGet.Path);
        Assert.InRange(probe.TimeoutSeconds!.Value, patience, 60);
        Assert.InRange(probe.PeriodSeconds!.Value, patience, 60);
        Assert.InRange(probe.FailureThreshold!.Value, 2, 10);
    }

    private static (string Path, int? Period, int? Timeout, int? Failures) Numbers(V1Probe probe) =>
        (probe.HttpGet.Path, probe.PeriodSeconds, probe.TimeoutSeconds, probe.FailureThreshold);
}
