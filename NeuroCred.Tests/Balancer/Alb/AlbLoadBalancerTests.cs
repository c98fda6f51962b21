using NeuroCred.Balancer.Deployment;
using static NeuroCred.Tests.Balancer.Alb.AlbCases;

namespace NeuroCred.Tests.Balancer.Alb;

/// <summary>The load balancer: its listeners, and how its target group is judged and balanced.</summary>
[StartsProcesses]
public sealed class AlbLoadBalancerTests
{
    [Fact]
    public void The_target_group_has_the_guides_numbers()
    {
        var check = RenderModule(new()).TargetGroup.Block("health_check");

        Assert.Equal(
            ("/health/ready", 30m, 5m, 2m, 3m),
            (check["path"], check["interval"], check["timeout"], check["healthy_threshold"], check["unhealthy_threshold"])
        );
        Assert.Equal(("traffic-port", "200"), (check["port"], check["matcher"]));
    }

    [Fact]
    public void Another_port_makes_a_target_group_beside_the_old_one_with_another_name()
    {
        var group = RenderModule(new()).TargetGroup;

        Assert.Equal(true, group.Block("lifecycle")["create_before_destroy"]);
        Assert.DoesNotContain("name", group.Keys);

        // More than AWS takes.
        Assert.InRange(Assert.IsType<string>(group["name_prefix"]).Length, 1, 6);
    }

    [Fact]
    public void The_policy_decides_how_a_replica_is_judged_balanced_and_drained()
    {
        var module = RenderModule(Other);
        var (group, check) = (module.TargetGroup, module.TargetGroup.Block("health_check"));

        Assert.Equal(
            ("/ready", 7m, 6m, 3m, 4m),
            (check["path"], check["interval"], check["timeout"], check["healthy_threshold"], check["unhealthy_threshold"])
        );
        Assert.Equal((8080m, 13m), (group["port"], group["deregistration_delay"]));
        // Nothing is said to a client while nginx tries one replica after the other (45 s, and begins no attempt after 15 s) and holds it
        // (6 s).
        Assert.Equal(66m, module.Resource("aws_lb", "gateway")["idle_timeout"]);
        // A minute until DNS no longer has the replica, and what the policy gives it beyond its own grace.
        Assert.Equal(
            ("00:01:00", "00:01:09.8000000", 72m, "5000"),
            (
                module.Variable("Draining__Grace"),
                module.Variable("Draining__Timeout"),
                module.Container("api")["stopTimeout"],
                module.Variable("ASPNETCORE_HTTP_PORTS")
            )
        );
        Assert.Equal(
            ("/live", "4", "2.5", "5"),
            (
                module.Variable("LIVENESS_PATH"),
                module.Variable("LIVENESS_INTERVAL"),
                module.Variable("LIVENESS_TIMEOUT"),
                module.Variable("LIVENESS_FAILURES")
            )
        );
    }

    [Theory]
    [InlineData(100, 1, 10, 1, 5, 2, 10, 2)]
    [InlineData(2000, 2000, 1, 10, 5, 2, 2, 10)]
    [InlineData(60_000, 60_000, 2, 2, 60, 59, 2, 2)]
    public void A_check_that_AWS_would_refuse_is_the_nearest_that_it_takes(
        int interval,
        int timeout,
        int successes,
        int failures,
        int expectedInterval,
        int expectedTimeout,
        int expectedSuccesses,
        int expectedFailures
    )
    {
        var readiness = new ProbePolicy
        {
            Path = "/",
            Interval = TimeSpan.FromMilliseconds(interval),
            Timeout = TimeSpan.FromMilliseconds(timeout),
            HealthyThreshold = successes,
            UnhealthyThreshold = failures,
        };
        var policy = new BalancingPolicy { Health = new() { Readiness = readiness } };
        var check = RenderModule(policy).TargetGroup.Block("health_check");

        Assert.Equal(
            ((decimal)expectedInterval, (decimal)expectedTimeout, (decimal)expectedSuccesses, (decimal)expectedFailures),
            (check["interval"], check["timeout"], check["healthy_threshold"], check["unhealthy_threshold"])
        );
        Assert.Equal(SettingSupport.Approximate, Explain(policy, "Health:Readiness"));
    }

    [Theory]
    [InlineData(BalancingAlgorithm.LeastConnections, "least_outstanding_requests", false)]
    [InlineData(BalancingAlgorithm.IpHash, "round_robin", true)]
    [InlineData(BalancingAlgorithm.CookieHash, "round_robin", true)]
    public void Affinity_is_a_cookie_of_AWS_and_only_where_the_policy_wants_any(BalancingAlgorithm algorithm, string expected, bool sticky)
    {
        var group = RenderModule(Other with { Algorithm = algorithm }).TargetGroup;

        Assert.Equal(expected, group["load_balancing_algorithm_type"]);
        Assert.Equal(
            (sticky, "lb_cookie", 5400m),
            (group.Block("stickiness")["enabled"], group.Block("stickiness")["type"], group.Block("stickiness")["cookie_duration"])
        );
        // AWS refuses it together with least_outstanding_requests.
        Assert.DoesNotContain("slow_start", group.Keys);
    }

    [Fact]
    public void Plain_HTTP_is_redirected_and_HTTPS_forwarded()
    {
        var module = RenderModule(new());
        var redirect = module.Resource("aws_lb_listener", "http").Block("default_action");
        var https = module.Resource("aws_lb_listener", "https");

        Assert.Equal(
            ("redirect", "HTTPS", "HTTP_301"),
            (redirect["type"], redirect.Block("redirect")["protocol"], redirect.Block("redirect")["status_code"])
        );
        Assert.Equal((443m, "HTTPS", "forward"), (https["port"], https["protocol"], https.Block("default_action")["type"]));
        Assert.Equal("max-age=2592000", https["routing_http_response_strict_transport_security_header_value"]);
        Assert.DoesNotContain(
            "routing_http_response_strict_transport_security_header_value",
            RenderModule(new() { Tls = new() { HstsMaxAge = TimeSpan.Zero } }).Resource("aws_lb_listener", "https").Keys
        );
    }
}
