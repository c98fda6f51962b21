using System.Text.RegularExpressions;
using NeuroCred.Balancer.Alb;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Policy;
using NeuroCred.Tests.Balancer.Nginx;
using NeuroCred.Tests.Balancer.Policy;

namespace NeuroCred.Tests.Balancer.Alb;

[StartsProcesses]
public sealed partial class AlbTargetTests
{
    private static readonly BalancingPolicy s_other = OtherPolicy.Value with
    {
        ServerName = """we"ird${x}%{y}.example.org""",
        Algorithm = BalancingAlgorithm.CookieHash,
        Affinity = new() { Duration = TimeSpan.FromMinutes(90) },
        Tls = new() { HstsMaxAge = TimeSpan.FromDays(1) },
        Timeouts = new() { Read = TimeSpan.FromSeconds(45) },
        Retries = new() { Conditions = [] },
    };

    [Fact]
    public void The_target_group_has_the_guides_numbers()
    {
        var check = Render(new()).TargetGroup.Block("health_check");

        Assert.Equal(
            ("/health/ready", 30m, 5m, 2m, 3m),
            (check["path"], check["interval"], check["timeout"], check["healthy_threshold"], check["unhealthy_threshold"])
        );
        Assert.Equal(("traffic-port", "200"), (check["port"], check["matcher"]));
    }

    [Fact]
    public void Another_port_makes_a_target_group_beside_the_old_one_with_another_name()
    {
        var group = Render(new()).TargetGroup;

        Assert.Equal(true, group.Block("lifecycle")["create_before_destroy"]);
        Assert.DoesNotContain("name", group.Attributes.Keys);

        // More than AWS takes.
        Assert.InRange(Assert.IsType<string>(group["name_prefix"]).Length, 1, 6);
    }

    [Fact]
    public void The_policy_decides_how_a_replica_is_judged_balanced_and_drained()
    {
        var module = Render(s_other);
        var (group, check) = (module.TargetGroup, module.TargetGroup.Block("health_check"));

        Assert.Equal(
            ("/ready", 7m, 6m, 3m, 4m),
            (check["path"], check["interval"], check["timeout"], check["healthy_threshold"], check["unhealthy_threshold"])
        );
        Assert.Equal((8080m, 13m), (group["port"], group["deregistration_delay"]));
        // Nothing is said to a client while nginx tries one replica after the other (45 s, and begins no attempt after 15 s) and holds it (6 s).
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
        var check = Render(policy).TargetGroup.Block("health_check");

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
        var group = Render(s_other with { Algorithm = algorithm }).TargetGroup;

        Assert.Equal(expected, group["load_balancing_algorithm_type"]);
        Assert.Equal(
            (sticky, "lb_cookie", 5400m),
            (group.Block("stickiness")["enabled"], group.Block("stickiness")["type"], group.Block("stickiness")["cookie_duration"])
        );
        // AWS refuses it together with least_outstanding_requests.
        Assert.DoesNotContain("slow_start", group.Attributes.Keys);
    }

    [Fact]
    public void Plain_HTTP_is_redirected_and_HTTPS_forwarded()
    {
        var module = Render(new());
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
            Render(new() { Tls = new() { HstsMaxAge = TimeSpan.Zero } }).Resource("aws_lb_listener", "https").Attributes.Keys
        );
    }

    [Fact]
    public void The_load_balancer_reaches_nginx_alone_and_nginx_the_replicas_port_for_clients_and_not_the_one_for_management()
    {
        var module = Render(s_other);

        Assert.Equal(8080m, module.TargetGroup["port"]);
        Assert.Equal((8080m, 5000m), (Port(module.Container("nginx")), Port(module.Container("api"))));
        Assert.Equal(
            [
                ("api_from_nginx", "nginx", 5000m),
                ("gateway_http", null, 80m),
                ("gateway_https", null, 443m),
                ("nginx_from_gateway", "gateway", 8080m),
            ],
            module
                .All.Blocks.Where(block => block.Labels is ["aws_vpc_security_group_ingress_rule", _])
                .Select(block =>
                    (
                        block.Labels[1],
                        (block.Body.Attributes.GetValueOrDefault("referenced_security_group_id") as HclExpression)?.Text.Split('.')[1],
                        (decimal)block.Body["from_port"]!
                    )
                )
                .Order()
        );
        var service = module.Resource("aws_ecs_service", "nginx").Block("load_balancer");
        Assert.Equal(("nginx", 8080m), (service["container_name"], service["container_port"]));
        Assert.DoesNotContain(module.Resource("aws_ecs_service", "api").Blocks, block => block.Type == "load_balancer");
    }

    [Fact]
    public void Nginx_follows_the_replicas_by_a_name_that_is_never_unknown()
    {
        var module = Render(s_other);
        var dns = module.Resource("aws_service_discovery_service", "api");
        var records = dns.Block("dns_config").Block("dns_records");

        Assert.Equal(("MULTIVALUE", "A", 1m), (dns.Block("dns_config")["routing_policy"], records["type"], records["ttl"]));
        // Without it ECS ends each task after some minutes, since nobody says that it is healthy.
        Assert.Equal(1m, dns.Block("health_check_custom_config")["failure_threshold"]);
        var nobody = (Dictionary<string, object?>)module.Resource("aws_service_discovery_instance", "nobody")["attributes"]!;
        Assert.Equal(("192.0.2.1", "UNHEALTHY"), (nobody["AWS_INSTANCE_IPV4"], nobody["AWS_INIT_HEALTH_STATUS"]));
        Assert.Equal(
            new HclExpression("aws_service_discovery_service.api.arn"),
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
        var module = Render(new() { Health = new() { Readiness = s_other.Health.Readiness } });
        var check = (Dictionary<string, object?>)module.Container("api")["healthCheck"]!;

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
            (string)Render(policy).All.Block("variable", "postgres_secret_arn")["description"]!,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_a_client_would_notice_raises_an_alarm_and_its_end_is_told_too()
    {
        var module = Render(s_other);
        var alarms = module
            .All.Blocks.Where(block => block.Labels is ["aws_cloudwatch_metric_alarm", _])
            .ToDictionary(b => b.Labels[1], b => b.Body);

        Assert.Equal(["errors", "latency", "missing", "unhealthy"], alarms.Keys.Order());
        Assert.All(
            alarms.Values,
            alarm =>
                Assert.Equal(
                    (new HclExpression("local.alarm_actions"), new HclExpression("local.alarm_actions")),
                    (alarm["alarm_actions"], alarm["ok_actions"])
                )
        );
        Assert.All(alarms.Values, alarm => Assert.Contains("Look at ", Text(alarm["alarm_description"]), StringComparison.Ordinal));
        // No request is no error; no task that could be measured is what this alarm is for.
        Assert.Equal(
            ["breaching", "notBreaching", "notBreaching", "notBreaching"],
            alarms.OrderBy(alarm => alarm.Key != "missing").Select(alarm => alarm.Value["treat_missing_data"])
        );
        var wanted = module
            .All.Blocks.Where(block => block.Type == "locals")
            .Select(block => block.Body.Attributes)
            .Single(a => a.ContainsKey("wanted"));
        Assert.Equal(
            [("api", 4m), ("nginx", 2m)],
            ((Dictionary<string, object?>)wanted["wanted"]!).Select(of =>
                (of.Key, (decimal)((Dictionary<string, object?>)of.Value!)["tasks"]!)
            )
        );
    }

    [Fact]
    public void Where_it_runs_and_whose_image_are_settings_of_render()
    {
        var given = new TerraformModule(
            new()
            {
                Policy = new(),
                AwsRegion = "eu-central-1",
                Images = new() { Api = "registry.example.org/team/api:2", Nginx = "registry.example.org/nginx:1.31" },
            }
        );

        Assert.Equal("eu-central-1", given.All.Block("provider", "aws")["region"]);
        Assert.Equal("registry.example.org/team/api:2", given.All.Block("variable", "image")["default"]);
        Assert.Equal("registry.example.org/nginx:1.31", given.All.Block("variable", "nginx_image")["default"]);
        // Otherwise Terraform's own, and a question.
        Assert.DoesNotContain(Render(new()).All.Blocks, block => block.Type == "provider");
        Assert.DoesNotContain("default", Render(new()).All.Block("variable", "image").Attributes.Keys);
    }

    [Fact]
    public void The_policy_decides_how_many_replicas_there_are()
    {
        var module = Render(s_other);
        var target = module.Resource("aws_appautoscaling_target", "api");

        Assert.Equal(
            (4m, 9m, 4m),
            (target["min_capacity"], target["max_capacity"], module.Resource("aws_ecs_service", "api")["desired_count"])
        );
        Assert.Equal((61m, "ECSServiceAverageCPUUtilization"), Measure(module, "cpu"));
        // As many as have a quarter of the replicas' processors: 9 of half a one.
        var nginx = module.Resource("aws_appautoscaling_target", "nginx");
        Assert.Equal((2m, 5m), (nginx["min_capacity"], nginx["max_capacity"]));
        Assert.Equal((61m, "ECSServiceAverageCPUUtilization"), Measure(module, "nginx"));
        Assert.Equal((71m, "ECSServiceAverageMemoryUtilization"), Measure(module, "memory"));
    }

    [Fact]
    public void A_replica_is_added_also_when_requests_take_longer_and_no_more_of_them_arrive()
    {
        var configuration = Render(s_other)
            .Resource("aws_appautoscaling_policy", "requests")
            .Block("target_tracking_scaling_policy_configuration");
        var metrics = configuration
            .Block("customized_metric_specification")
            .Blocks.ToDictionary(block => (string)block.Body["id"]!, block => block.Body);

        Assert.Equal(33m, configuration["target_value"]);
        // Little's law. AWS counts requests per minute, and measures seconds, and each replica once a minute.
        Assert.Equal("requests / 60 * seconds / replicas", metrics["under_way"]["expression"]);
        Assert.Equal(("Sum", "RequestCount"), Statistic(metrics["requests"]));
        Assert.Equal(("Average", "TargetResponseTime"), Statistic(metrics["seconds"]));
        Assert.Equal(("SampleCount", "CPUUtilization"), Statistic(metrics["replicas"]));
        // Exactly one may be the answer.
        Assert.Equal(["under_way"], metrics.Where(metric => metric.Value["return_data"] is true).Select(metric => metric.Key));
    }

    [Theory]
    [InlineData("api")]
    [InlineData("nginx")]
    public void A_deployment_that_fails_is_rolled_back_and_nothing_leaves_before_another_serves(string name)
    {
        var service = Render(new()).Resource("aws_ecs_service", name);

        Assert.Equal(
            (true, true),
            (service.Block("deployment_circuit_breaker")["enable"], service.Block("deployment_circuit_breaker")["rollback"])
        );

        // The provider takes a deployment that was rolled back for a success (its issue 20858).
        Assert.Equal(
            new HclExpression($"self.task_definition == aws_ecs_task_definition.{name}.arn"),
            service.Block("lifecycle").Block("postcondition")["condition"]
        );
        Assert.Equal((100m, 200m), (service["deployment_minimum_healthy_percent"], service["deployment_maximum_percent"]));
    }

    // Two successes, 30 s apart, and a start: sooner, ECS would stop what is only new.
    [Fact]
    public void An_nginx_that_starts_is_not_judged_before_it_could_be_healthy() =>
        Assert.InRange((decimal)Render(new()).Resource("aws_ecs_service", "nginx")["health_check_grace_period_seconds"]!, 61, 600);

    [Fact]
    public void Requests_are_sent_again_and_held_by_nginx()
    {
        Assert.All(
            ["Retries:Conditions", "Retries:Tries", "Retries:TotalTime", "Holding:Time", "Holding:Limit", "Limits:MaxBodySize"],
            key => Assert.Equal(SettingSupport.Full, Explain(new(), key))
        );
        Assert.Contains("gateway/nginx/conf.d/hold.js", Render(new()).Files.Keys);
    }

    [Fact]
    public void Secrets_come_from_Secrets_Manager_and_the_migration_alone_gets_the_owner_of_the_database()
    {
        var module = Render(new());
        var secrets = (HclExpression)module.Container("api")["secrets"]!;
        var migration = ((List<object?>)module.Container("migration")["secrets"]!).Cast<Dictionary<string, object?>>();

        Assert.Equal("local.secrets", secrets.Text);
        Assert.Equal(
            [
                ("ConnectionStrings__neurocred", new HclExpression("var.postgres_owner_secret_arn")),
                ("Postgres__Password", new HclExpression("var.postgres_password_secret_arn")),
            ],
            migration.Select(secret => ((string)secret["name"]!, (HclExpression)secret["valueFrom"]!))
        );
        Assert.Equal(["migrate"], (List<object?>)module.Container("migration")["command"]!);
        Assert.DoesNotContain(
            module.Variables("api"),
            variable => variable["name"] is "Api__Key" or "ConnectionStrings__neurocred" or "ConnectionStrings__redis"
        );
    }

    [Theory]
    [InlineData(500, 512, 512, 1024)]
    [InlineData(250, 512, 256, 1024)]
    [InlineData(250, 3000, 512, 3072)]
    [InlineData(1000, 512, 1024, 2048)]
    [InlineData(5000, 18_000, 8192, 20_480)]
    public void A_task_has_a_size_that_Fargate_knows(int cpu, int memory, int expectedCpu, int expectedMemory)
    {
        var task = new TerraformModule(
            new()
            {
                Policy = new(),
                Resources = new() { CpuMillicores = cpu, MemoryLimitMebibytes = memory },
            }
        ).Resource("aws_ecs_task_definition", "api");

        Assert.Equal(((decimal)expectedCpu, (decimal)expectedMemory), (task["cpu"], task["memory"]));
    }

    [Fact]
    public void Whatever_is_referred_to_exists()
    {
        var module = Render(s_other);
        var known = module
            .All.Blocks.SelectMany(block =>
                block.Type switch
                {
                    "resource" => [$"{block.Labels[0]}.{block.Labels[1]}"],
                    "data" => [$"data.{block.Labels[0]}.{block.Labels[1]}"],
                    "variable" => [$"var.{block.Labels[0]}"],
                    "locals" => block.Body.Attributes.Keys.Select(name => $"local.{name}"),
                    _ => (IEnumerable<string>)[],
                }
            )
            .ToHashSet(StringComparer.Ordinal);
        // Comments and quoted text aside.
        var references = module
            .Terraform.SelectMany(text => Reference().Matches(Comment().Replace(text, "")))
            .Select(match => match.Value)
            .Distinct()
            .ToList();

        Assert.True(references.Count > 20);
        Assert.All(references, reference => Assert.Contains(reference, known));
        // And whoever is asked for is used.
        Assert.All(known.Where(name => name.StartsWith("var.", StringComparison.Ordinal)), name => Assert.Contains(name, references));
    }

    [Fact]
    public void A_name_from_the_policy_is_text_and_nothing_that_Terraform_computes() =>
        Assert.Contains(
            """we"ird${x}%{y}.example.org""",
            (string)Render(s_other).All.Block("variable", "certificate_arn")["description"]!,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("a = ")]
    [InlineData("a = 1\na = 2")]
    [InlineData("a = {{b}}")]
    [InlineData("a { b = [1, 2 }")]
    [InlineData("a = 1 2, 3")]
    public void A_text_that_is_no_HCL_is_refused_by_the_parser_that_the_other_tests_trust(string text) =>
        Assert.ThrowsAny<FormatException>(() => HclParser.Parse(text));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Terraform_reads_the_module_and_has_nothing_to_format(bool other)
    {
        Assert.SkipWhen(Tool.Find("terraform") is null, "terraform is not installed.");
        using var folder = new TemporaryFolder();
        foreach (var (path, text) in Render(other ? s_other : new()).Files)
        {
            var file = Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder.Path, path))!).FullName;
            await File.WriteAllTextAsync(Path.Combine(file, Path.GetFileName(path)), text, TestContext.Current.CancellationToken);
        }

        var (code, output) = await Tool.RunAsync(
            "terraform",
            folder.Path,
            new Dictionary<string, string>(),
            "fmt",
            "-check",
            "-diff",
            "-no-color"
        );

        Assert.True(code == 0, output);
    }

    private static string Text(object? value) => (value as HclExpression)?.Text ?? (string)value!;

    private static object? Port(Dictionary<string, object?> container) =>
        ((Dictionary<string, object?>)Assert.Single((List<object?>)container["portMappings"]!)!)["containerPort"];

    private static (object?, object?) Statistic(HclBody metric) =>
        (metric.Block("metric_stat")["stat"], metric.Block("metric_stat").Block("metric")["metric_name"]);

    private static (object?, object?) Measure(TerraformModule module, string name)
    {
        var configuration = module.Resource("aws_appautoscaling_policy", name).Block("target_tracking_scaling_policy_configuration");
        return (configuration["target_value"], configuration.Block("predefined_metric_specification")["predefined_metric_type"]);
    }

    private static TerraformModule Render(BalancingPolicy policy) => new(new DeploymentPlan { Policy = policy });

    private static SettingSupport Explain(BalancingPolicy policy, string key) =>
        new AlbTarget().Explain(policy).Single(explanation => explanation.Key == key).Support;

    [GeneratedRegex(@"(?m)^\s*#.*$|""[^""$\n]*""")]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?<![\w.""/-])(data\.)?(aws_\w+|var|local)\.\w+")]
    private static partial Regex Reference();
}
