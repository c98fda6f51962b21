using NeuroCred.Tests.Npm;
using static NeuroCred.Tests.Balancer.Alb.AlbCases;

namespace NeuroCred.Tests.Balancer.Alb;

/// <summary>The module as a whole: its settings, deployments, secrets, tasks and references.</summary>
[StartsProcesses]
public sealed partial class AlbTargetTests
{
    [Fact]
    public void Where_it_runs_and_whose_image_are_settings_of_render()
    {
        var given = new TerraformModule(
            new()
            {
                Policy = new(),
                AwsRegion = "eu-central-1",
                Images = new()
                {
                    Api = "registry.example.org/team/api:2",
                    Monitor = "registry.example.org/team/monitor:3",
                    Nginx = "registry.example.org/nginx:1.31",
                },
            }
        );

        Assert.Equal("eu-central-1", given.All.Block("provider", "aws")["region"]);
        Assert.Equal("registry.example.org/team/api:2", given.All.Block("variable", "image")["default"]);
        Assert.Equal("registry.example.org/team/monitor:3", given.All.Block("variable", "monitor_image")["default"]);
        Assert.Equal("registry.example.org/nginx:1.31", given.All.Block("variable", "nginx_image")["default"]);
        // Otherwise Terraform's own, and a question.
        Assert.DoesNotContain("provider", RenderModule(new()).All.Keys);
        Assert.DoesNotContain("default", RenderModule(new()).All.Block("variable", "image").Keys);
        Assert.DoesNotContain("default", RenderModule(new()).All.Block("variable", "monitor_image").Keys);
    }

    [Theory]
    [InlineData("api")]
    [InlineData("nginx")]
    public void A_deployment_that_fails_is_rolled_back_and_nothing_leaves_before_another_serves(string name)
    {
        var service = RenderModule(new()).Resource("aws_ecs_service", name);

        Assert.Equal(
            (true, true),
            (service.Block("deployment_circuit_breaker")["enable"], service.Block("deployment_circuit_breaker")["rollback"])
        );

        // The provider takes a deployment that was rolled back for a success (its issue 20858).
        Assert.Equal(
            $"${{self.task_definition == aws_ecs_task_definition.{name}.arn}}",
            service.Block("lifecycle").Block("postcondition")["condition"]
        );
        Assert.Equal((100m, 200m), (service["deployment_minimum_healthy_percent"], service["deployment_maximum_percent"]));
    }

    [Fact]
    public void Secrets_come_from_Secrets_Manager_and_the_migration_alone_gets_the_owner_of_the_database()
    {
        var module = RenderModule(new());
        var migration = module.Container("migration");

        Assert.Equal("${local.secrets}", module.Container("api")["secrets"]);
        Assert.Equal(
            [
                ("ConnectionStrings__neurocred", "${var.postgres_owner_secret_arn}"),
                ("Postgres__Password", "${var.postgres_password_secret_arn}"),
            ],
            migration.Objects("secrets").Select(secret => (secret["name"], secret["valueFrom"]))
        );
        Assert.Equal(["migrate"], (List<object?>)migration["command"]!);
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
        var module = RenderModule(Other);
        HashSet<string> known =
        [
            .. WithTwoLabels("resource"),
            .. WithTwoLabels("data").Select(name => $"data.{name}"),
            .. module.All.Object("variable").Keys.Select(name => $"var.{name}"),
            .. module.All.Objects("locals").SelectMany(locals => locals.Keys).Select(name => $"local.{name}"),
        ];
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

        IEnumerable<string> WithTwoLabels(string type) =>
            module.All.Object(type).Keys.SelectMany(first => module.All.Object(type).Object(first).Keys.Select(name => $"{first}.{name}"));
    }

    [Fact]
    public void A_name_from_the_policy_is_text_and_nothing_that_Terraform_computes() =>
        Assert.Contains(
            Literal("""we"ird${x}%{y}.example.org"""),
            (string)RenderModule(Other).All.Block("variable", "certificate_arn")["description"]!,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("a = ")]
    [InlineData("a = 1\na = 2")]
    [InlineData("a = {{b}}")]
    [InlineData("a { b = [1, 2 }")]
    [InlineData("a = 1 2, 3")]
    public void A_text_that_is_no_HCL_is_refused_by_the_parser_that_the_other_tests_trust(string text) =>
        Assert.Throws<FormatException>(() => NpmTools.ReadHcl(text));

    [GeneratedRegex(@"(?m)^\s*#.*$|""[^""$\n]*""")]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?<![\w.""/-])(data\.)?(aws_\w+|var|local)\.\w+")]
    private static partial Regex Reference();
}
