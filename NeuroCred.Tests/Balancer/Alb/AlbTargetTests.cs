using System.Text.RegularExpressions;
using NeuroCred.Balancer.Alb;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Policy;
using NeuroCred.Tests.Balancer.Nginx;

namespace NeuroCred.Tests.Balancer.Alb;

[StartsProcesses]
public sealed partial class AlbTargetTests
{
    private static readonly BalancingPolicy s_other = new()
    {
        Upstream = new() { Port = 5000 },
        ServerName = """we"ird${x}%{y}.example.org""",
        Algorithm = BalancingAlgorithm.CookieHash,
        Affinity = new() { Duration = TimeSpan.FromMinutes(90) },
        Tls = new() { HstsMaxAge = TimeSpan.FromDays(1) },
        Timeouts = new() { Read = TimeSpan.FromSeconds(45) },
        Retries = new() { Conditions = [] },
        Draining = new() { Grace = TimeSpan.FromMilliseconds(2500), Timeout = TimeSpan.FromMilliseconds(12_300) },
        Scaling = new()
        {
            MinReplicas = 4,
            MaxReplicas = 9,
            CpuPercent = 61,
            MemoryPercent = 71,
            QueueLength = 33,
        },
        Health = new()
        {
            Liveness = new()
            {
                Path = "/live",
                Interval = TimeSpan.FromSeconds(4),
                Timeout = TimeSpan.FromMilliseconds(2500),
                HealthyThreshold = 1,
                UnhealthyThreshold = 5,
            },
            Readiness = new()
            {
                Path = "/ready",
                Interval = TimeSpan.FromSeconds(7),
                Timeout = TimeSpan.FromSeconds(6),
                HealthyThreshold = 3,
                UnhealthyThreshold = 4,
            },
        },
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
        Assert.Equal((5000m, 13m), (group["port"], group["deregistration_delay"]));
        Assert.Equal(45m, module.Resource("aws_lb", "gateway")["idle_timeout"]);
        Assert.Equal(
            ("00:00:02.5000000", "00:00:12.3000000", 15m, "5000"),
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
    public void The_load_balancer_reaches_the_port_for_clients_and_not_the_one_for_management()
    {
        var module = Render(new());
        var container = module.Container("api");
        var ingress = module.Resource("aws_vpc_security_group_ingress_rule", "api_from_gateway");

        Assert.Equal(4000m, module.TargetGroup["port"]);
        Assert.Equal((4000m, 4000m), (ingress["from_port"], ingress["to_port"]));
        Assert.Equal(4000m, ((Dictionary<string, object?>)Assert.Single((List<object?>)container["portMappings"]!)!)["containerPort"]);
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
        // Little's law. AWS counts requests per minute, and measures seconds.
        Assert.Equal("requests / 60 * seconds", metrics["under_way"]["expression"]);
        Assert.Equal(("Sum", "RequestCountPerTarget"), Statistic(metrics["requests"]));
        Assert.Equal(("Average", "TargetResponseTime"), Statistic(metrics["seconds"]));
        // Exactly one may be the answer.
        Assert.Equal(["under_way"], metrics.Where(metric => metric.Value["return_data"] is true).Select(metric => metric.Key));
    }

    [Fact]
    public void A_deployment_that_fails_is_rolled_back_and_no_replica_leaves_before_another_serves()
    {
        var service = Render(new()).Resource("aws_ecs_service", "api");

        Assert.Equal(
            (true, true),
            (service.Block("deployment_circuit_breaker")["enable"], service.Block("deployment_circuit_breaker")["rollback"])
        );

        // The provider takes a deployment that was rolled back for a success (its issue 20858).
        Assert.Equal(
            new HclExpression("self.task_definition == aws_ecs_task_definition.api.arn"),
            service.Block("lifecycle").Block("postcondition")["condition"]
        );
        Assert.Equal((100m, 200m), (service["deployment_minimum_healthy_percent"], service["deployment_maximum_percent"]));

        // Two successes, 30 s apart, and a start: sooner, ECS would stop what is only new.
        Assert.InRange((decimal)service["health_check_grace_period_seconds"]!, 61, 600);
    }

    [Fact]
    public void A_load_balancer_retries_nothing()
    {
        Assert.Equal(SettingSupport.Missing, Explain(new(), "Retries:Conditions"));
        Assert.Equal(SettingSupport.Full, Explain(s_other, "Retries:Conditions"));
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
            .Files.Values.SelectMany(text => Reference().Matches(Comment().Replace(text, "")))
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
            await File.WriteAllTextAsync(Path.Combine(folder.Path, path), text, TestContext.Current.CancellationToken);
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
