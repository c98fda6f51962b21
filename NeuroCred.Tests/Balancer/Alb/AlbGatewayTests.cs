using NeuroCred.Balancer.Deployment;
using static NeuroCred.Tests.Balancer.Alb.AlbCases;

namespace NeuroCred.Tests.Balancer.Alb;

/// <summary>nginx between the load balancer and the replicas.</summary>
[StartsProcesses]
public sealed class AlbGatewayTests
{
    [Fact]
    public void The_load_balancer_reaches_nginx_alone_and_nginxs_task_alone_reaches_the_replicas()
    {
        var module = RenderModule(Other);

        Assert.Equal(8080m, module.TargetGroup["port"]);
        Assert.Equal((8080m, 5000m), (Port(module.Container("nginx")), Port(module.Container("api"))));
        Assert.Equal(
            [
                ("api_from_monitor", "${aws_security_group.nginx.id}", 9091m),
                ("api_from_nginx", "${aws_security_group.nginx.id}", 5000m),
                ("gateway_http", null, 80m),
                ("gateway_https", null, 443m),
                ("nginx_from_gateway", "${aws_security_group.gateway.id}", 8080m),
            ],
            module
                .Resources("aws_vpc_security_group_ingress_rule")
                .Select(rule => (rule.Key, rule.Value.GetValueOrDefault("referenced_security_group_id"), rule.Value["from_port"]))
                .Order()
        );
        var service = module.Resource("aws_ecs_service", "nginx").Block("load_balancer");
        Assert.Equal(("nginx", 8080m), (service["container_name"], service["container_port"]));
        Assert.DoesNotContain("load_balancer", module.Resource("aws_ecs_service", "api").Keys);
    }

    [Fact]
    public void Nginx_follows_the_replicas_by_a_name_that_is_never_unknown()
    {
        var module = RenderModule(Other);
        var dns = module.Resource("aws_service_discovery_service", "api");
        var records = dns.Block("dns_config").Block("dns_records");

        Assert.Equal(("MULTIVALUE", "A", 1m), (dns.Block("dns_config")["routing_policy"], records["type"], records["ttl"]));
        // Without it ECS ends each task after some minutes, since nobody says that it is healthy.
        Assert.Equal(1m, dns.Block("health_check_custom_config")["failure_threshold"]);
        var nobody = module.Resource("aws_service_discovery_instance", "nobody").Object("attributes");
        Assert.Equal(("192.0.2.1", "UNHEALTHY"), (nobody["AWS_INSTANCE_IPV4"], nobody["AWS_INIT_HEALTH_STATUS"]));
        Assert.Equal(
            "${aws_service_discovery_service.api.arn}",
            module.Resource("aws_ecs_service", "api").Block("service_registries")["registry_arn"]
        );
        Assert.Equal(["REPLICAS"], module.Variables("nginx").Select(variable => variable["name"]));
        Assert.Matches(@"(?m)^ +server api:5000 .* resolve;$", module.Files["gateway/nginx/conf.d/gateway.conf"]);
        // Clients and their scheme are what the load balancer says.
        Assert.Contains("10.0.0.0/8 1;", module.Files["gateway/nginx/conf.d/trusted-networks.conf"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_replica_is_found_when_it_was_ready_once_and_ends_after_DNS_has_forgotten_it()
    {
        var module = RenderModule(new() { Health = new() { Readiness = Other.Health.Readiness } });
        var check = module.Container("api").Object("healthCheck");

        Assert.Equal(["CMD", "health"], (List<object?>)check["command"]!);
        // The guide's three times 30 s: overload is no reason to end a replica, and hanging is the watchdog's.
        Assert.Equal(90m, (decimal)check["interval"]! * (decimal)check["retries"]!);
        Assert.Equal("/ready", module.Variable("READINESS_PATH"));
        // Route 53's minute, then 4 s as everywhere, then the runtime's own end.
        Assert.Equal(
            ("00:01:00", "00:01:04", 66m),
            (module.Variable("Draining__Grace"), module.Variable("Draining__Timeout"), module.Container("api")["stopTimeout"])
        );
    }

    [Theory]
    [InlineData(8, SettingSupport.Full, 180)]
    [InlineData(20, SettingSupport.Approximate, 420)]
    public void Postgres_takes_twice_the_replicas_and_nginx_uses_eight_of_them_at_a_time(int most, SettingSupport support, int connections)
    {
        var policy = new BalancingPolicy { Scaling = new() { MaxReplicas = most } };

        Assert.Equal(support, Explain(policy, "Scaling:MaxReplicas"));
        // An update doubles them for a moment.
        Assert.Contains(
            $"max_connections = {connections}.",
            (string)RenderModule(policy).All.Block("variable", "postgres_secret_arn")["description"]!,
            StringComparison.Ordinal
        );
    }

    // Two successes, 30 s apart, and a start: sooner, ECS would stop what is only new.
    [Fact]
    public void An_nginx_that_starts_is_not_judged_before_it_could_be_healthy() =>
        Assert.InRange((decimal)RenderModule(new()).Resource("aws_ecs_service", "nginx")["health_check_grace_period_seconds"]!, 61, 600);

    [Fact]
    public void Requests_are_sent_again_and_held_by_nginx()
    {
        Assert.All(
            ["Retries:Conditions", "Retries:Tries", "Retries:TotalTime", "Holding:Time", "Holding:Limit", "Limits:MaxBodySize"],
            key => Assert.Equal(SettingSupport.Full, Explain(new(), key))
        );
        Assert.Contains("gateway/nginx/conf.d/hold.js", RenderModule(new()).Files.Keys);
    }

    private static object? Port(Dictionary<string, object?> container) => Assert.Single(container.Objects("portMappings"))["containerPort"];
}
