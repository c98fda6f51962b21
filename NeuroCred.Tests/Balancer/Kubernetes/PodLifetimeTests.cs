using k8s.Models;
using static NeuroCred.Tests.Balancer.Kubernetes.KubernetesCases;

namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>How pods leave, and how others take their places.</summary>
public sealed class PodLifetimeTests
{
    // The cluster's DNS may tell an old answer for as long, then nginx (valid=1s).
    private const int DnsSeconds = 5 + 1;

    [Theory]
    [MemberData(nameof(Names), MemberType = typeof(KubernetesCases))]
    public void A_replica_that_leaves_serves_until_nobody_knows_it_any_more_and_then_finishes_what_it_has(string policy)
    {
        var pod = Files(policy).Api.Spec.Template.Spec;
        var container = Files(policy).ApiContainer;
        var draining = TimeSpan.Parse(Variable(container, "Draining__Timeout"));
        var grace = TimeSpan.Parse(Variable(container, "Draining__Grace"));

        Assert.Equal((PolicyOf(policy).Draining.Grace, PolicyOf(policy).Draining.Timeout), (grace, draining));
        Assert.InRange(container.Lifecycle.PreStop.Sleep.Seconds, DnsSeconds + 1, int.MaxValue);
        Assert.InRange(
            pod.TerminationGracePeriodSeconds!.Value,
            container.Lifecycle.PreStop.Sleep.Seconds + draining.TotalSeconds + 1,
            3600 + 60
        );
        // Whoever hangs is not waited for.
        Assert.Equal(1, container.LivenessProbe.TerminationGracePeriodSeconds);
    }

    [Fact]
    public void A_gateway_that_leaves_serves_until_nobody_knows_it_any_more_and_then_finishes_what_it_has()
    {
        var pod = Default.GatewayPod;
        var ofNginx = int.Parse(
            Regex.Match(Default.Texts["gateway/nginx/nginx.conf"], @"worker_shutdown_timeout (\d+)s;").Groups[1].ValueSpan
        );

        Assert.InRange(pod.TerminationGracePeriodSeconds!.Value, pod.Containers[0].Lifecycle.PreStop.Sleep.Seconds + ofNginx + 1, 60);
    }

    [Fact]
    public void Replicas_that_have_an_hour_to_leave_are_taken_by_Kubernetes()
    {
        var api = FilesOf(new() { Draining = new() { Timeout = TimeSpan.FromHours(1) } }).Api.Spec;

        // It refuses a deadline that is not longer.
        Assert.InRange(api.ProgressDeadlineSeconds!.Value, api.MinReadySeconds!.Value + 1, int.MaxValue);
    }

    [Fact]
    public void An_update_takes_no_replica_away_before_another_is_ready_and_a_drained_node_takes_one_at_a_time()
    {
        Assert.All(
            Default.All<V1Deployment>(),
            deployment =>
                Assert.Equal(
                    ("0", "1"),
                    ((string)deployment.Spec.Strategy.RollingUpdate.MaxUnavailable, (string)deployment.Spec.Strategy.RollingUpdate.MaxSurge)
                )
        );
        // One replica has left, and its connections to Postgres with it, before the next one is told to.
        Assert.Equal(Default.Api.Spec.Template.Spec.TerminationGracePeriodSeconds, Default.Api.Spec.MinReadySeconds);
        Assert.All(
            Default.All<V1PodDisruptionBudget>(),
            budget => Assert.Equal(("1", null), ((string)budget.Spec.MaxUnavailable, (string?)budget.Spec.MinAvailable))
        );
        Assert.True(Default.Gateway.Spec.Replicas > 1);
        // A number would undo what the autoscaler has decided.
        Assert.Null(Default.Api.Spec.Replicas);
    }
}
