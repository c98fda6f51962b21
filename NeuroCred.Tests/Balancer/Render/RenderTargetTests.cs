using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Render;
using NeuroCred.Tests.Balancer.Deployment;
using NeuroCred.Tests.Balancer.Policy;
using YamlDotNet.Core;

namespace NeuroCred.Tests.Balancer.Render;

public sealed class RenderTargetTests
{
    // https://render.com/docs/blueprint-spec
    private static readonly string[] s_servicePlans = ["free", "starter", "standard", "pro", "pro plus", "pro max", "pro ultra"];
    private static readonly string[] s_regions = ["oregon", "ohio", "virginia", "frankfurt", "singapore"];
    private static readonly string[] s_triggers = ["commit", "checksPass", "off"];
    private static readonly string[] s_evictions =
    [
        "allkeys-lru",
        "volatile-lru",
        "allkeys-random",
        "volatile-random",
        "volatile-ttl",
        "noeviction",
    ];

    private static readonly BalancingPolicy s_other = OtherPolicy.Value with { ServerName = "*.example.org" };

    [Fact]
    public void Every_field_has_a_value_that_Render_publishes()
    {
        foreach (var blueprint in new[] { Render(), Render(s_other) })
        {
            var api = Api(blueprint);
            foreach (var service in new[] { Gateway(blueprint), api })
            {
                Assert.Equal(("docker", true), (service.Runtime, s_servicePlans.Contains(service.Plan)));
                Assert.Contains(service.AutoDeployTrigger, s_triggers);
                Assert.InRange(service.MaxShutdownDelaySeconds!.Value, 1, 300);
                Assert.True(service.NumInstances is null != service.Scaling is null);
            }

            // What Render knows of web services alone.
            Assert.Equal((null, 0), (api.HealthCheckPath, api.Domains.Count));
            Assert.InRange(api.Scaling!.TargetCpuPercent!.Value, 1, 90);
            Assert.InRange(api.Scaling.TargetMemoryPercent!.Value, 1, 90);
            var redis = Assert.Single(blueprint.Services, service => service.Type == "keyvalue");
            Assert.Contains(redis.MaxmemoryPolicy, s_evictions);
            // Everything in one region, or it could not talk to each other in private.
            Assert.Contains(
                Assert.Single(
                    blueprint.Services.Select(service => service.Region).Append(Assert.Single(blueprint.Databases).Region).Distinct()
                ),
                s_regions
            );
        }
    }

    [Fact]
    public void A_field_that_Render_does_not_know_is_noticed() =>
        Assert.Throws<YamlException>(() =>
            RenderBlueprint.Parse(
                new RenderTarget().RenderFiles()["render.yaml"].Replace("healthCheckPath", "healthcheckPath", StringComparison.Ordinal)
            )
        );

    [Fact]
    public void The_policy_decides_how_an_instance_is_checked_drained_and_watched()
    {
        var blueprint = Render(s_other);
        var (gateway, api) = (Gateway(blueprint), Api(blueprint));

        Assert.Equal(("/ready", 15), (gateway.HealthCheckPath, api.MaxShutdownDelaySeconds));
        Assert.Equal(["*.example.org"], gateway.Domains);
        Assert.Equal(("5000", "5000"), (Value(api, "PORT"), Value(api, "ASPNETCORE_HTTP_PORTS")));
        Assert.Equal(("00:00:02.5000000", "00:00:12.3000000"), (Value(api, "Draining__Grace"), Value(api, "Draining__Timeout")));
        Assert.Equal(
            ("/live", "4", "2.5", "5"),
            (Value(api, "LIVENESS_PATH"), Value(api, "LIVENESS_INTERVAL"), Value(api, "LIVENESS_TIMEOUT"), Value(api, "LIVENESS_FAILURES"))
        );
    }

    [Fact]
    public void The_policy_decides_how_many_instances_there_are()
    {
        var scaling = Api(Render(s_other)).Scaling!;
        var fixedNumber = Api(Render(least: 4, most: 4));

        Assert.Equal((4, 9, 61, 71), (scaling.MinInstances, scaling.MaxInstances, scaling.TargetCpuPercent, scaling.TargetMemoryPercent));
        // By hand, which takes no Professional workspace.
        Assert.Equal((4, null), (fixedNumber.NumInstances, fixedNumber.Scaling));
        // nginx: as many as have a quarter of the replicas' processors, and never one alone.
        var gateways = Gateway(Render(s_other)).Scaling!;
        Assert.Equal((2, 5), (gateways.MinInstances, gateways.MaxInstances));
        Assert.Equal(2, Gateway(Render(least: 3, most: 3)).NumInstances);
        Assert.Equal(100, Api(Render(least: 200, most: 300)).NumInstances);
    }

    [Fact]
    public void Each_commit_is_deployed_and_the_schema_comes_before_the_version_that_needs_it() =>
        Assert.Equal(("NeuroCred.Api migrate", "commit"), (Api(Render()).PreDeployCommand, Api(Render()).AutoDeployTrigger));

    [Fact]
    public void Secrets_are_generated_or_asked_for_or_another_services_and_never_written()
    {
        var blueprint = Render();
        var api = Api(blueprint);

        Assert.True(Variable(api, "Api__Key").GenerateValue);
        Assert.Equal(
            ("neurocred-postgres", "connectionString"),
            (
                Variable(api, "ConnectionStrings__neurocred").FromDatabase!.Name,
                Variable(api, "ConnectionStrings__neurocred").FromDatabase!.Property
            )
        );
        Assert.Equal(
            ("neurocred-redis", "keyvalue", "connectionString"),
            (
                Variable(api, "ConnectionStrings__redis").FromService!.Name,
                Variable(api, "ConnectionStrings__redis").FromService!.Type,
                Variable(api, "ConnectionStrings__redis").FromService!.Property
            )
        );
        Assert.Contains(blueprint.Databases, database => database.Name == "neurocred-postgres");
        Assert.Contains(blueprint.Services, service => service is { Name: "neurocred-redis", Type: "keyvalue" });
        // A variable has its value in one way.
        Assert.All(
            api.EnvVars,
            variable =>
                Assert.Single(
                    (
                        (object?[])[variable.Value, variable.GenerateValue, variable.Sync, variable.FromDatabase, variable.FromService]
                    ).OfType<object>()
                )
        );
        Assert.Equal(api.EnvVars.Count, api.EnvVars.DistinctBy(variable => variable.Key).Count());
    }

    [Fact]
    public void Nothing_but_nginx_can_be_reached_from_outside()
    {
        var blueprint = Render();

        Assert.Equal("neurocred-api", Assert.Single(blueprint.Services, service => service.Type == "web").Name);
        Assert.Equal("pserv", Api(blueprint).Type);
        Assert.Empty(Assert.Single(blueprint.Services, service => service.Type == "keyvalue").IpAllowList!);
        Assert.Empty(Assert.Single(blueprint.Databases).IpAllowList!);
    }

    // Render's limits: https://render.com/tutorials/postgres-on-render/connection-limits-and-pooling
    [Theory]
    [InlineData(3, 3, 8, "basic-1gb", 100, "8", false)]
    [InlineData(3, 9, 8, "pro-8gb", 200, "8", true)]
    [InlineData(3, 15, 8, "pro-8gb", 200, "8", true)]
    [InlineData(3, 20, 8, "pro-16gb", 400, "8", true)]
    [InlineData(3, 50, 8, "pro-32gb", 500, "7", true)]
    [InlineData(3, 100, 8, "pro-32gb", 500, "2", true)]
    public void The_database_takes_the_connections_of_the_largest_scale_and_of_the_instance_that_replaces_one(
        int least,
        int most,
        int pool,
        string expected,
        int connections,
        string expectedPool,
        bool standby
    )
    {
        var blueprint = Render(
            new DeploymentPlan
            {
                Policy = new()
                {
                    Scaling = new() { MinReplicas = least, MaxReplicas = most },
                },
                PostgresPoolSize = pool,
            }
        );
        var database = Assert.Single(blueprint.Databases);

        Assert.Equal(
            (expected, expectedPool, standby),
            (database.Plan, Value(Api(blueprint), "Postgres__PoolSize"), database.HighAvailability?.Enabled ?? false)
        );
        // With 2 for control in each replica. At 100 replicas there is no smaller pool than 1: docs/deploying/render.md says so.
        Assert.True((most + 1) * (int.Parse(expectedPool) + 2) <= connections - 20);
    }

    [Fact]
    public void The_images_are_built_from_files_that_exist()
    {
        var blueprint = Render();

        foreach (var service in new[] { Gateway(blueprint), Api(blueprint) })
        {
            Assert.True(File.Exists(Path.Combine(Repository.Folder, service.DockerfilePath!)), service.DockerfilePath);
            Assert.True(Directory.Exists(Path.Combine(Repository.Folder, service.DockerContext!)), service.DockerContext);
        }
    }

    [Fact]
    public void The_gateways_image_has_the_nginx_that_is_deployed_and_what_starts_it()
    {
        var files = new RenderTarget().RenderFiles(
            new DeploymentPlan
            {
                Policy = new(),
                Images = new() { Nginx = "registry.example.org/nginx:1.31" },
            }
        );
        var dockerfile = files["gateway/Dockerfile"];

        Assert.Contains("\nFROM registry.example.org/nginx:1.31\n", dockerfile, StringComparison.Ordinal);
        // From the repository, to which what is rendered here belongs.
        var sources = Regex
            .Matches(dockerfile, @"(?m)^COPY (?!--)(.+) \S+$")
            .SelectMany(match => match.Groups[1].Value.Split(' '))
            .ToList();
        Assert.Contains("eng/images/service/serve-always", sources);
        Assert.All(
            sources,
            copied =>
                Assert.True(
                    Path.Exists(Path.Combine(Repository.Folder, copied))
                        || files.Keys.Any(path => $"deploy/render/{path}".StartsWith(copied, StringComparison.Ordinal)),
                    copied
                )
        );
        Assert.Equal(".", Gateway(Render()).DockerContext);
        // The context leaves deploy out, and this folder in.
        Assert.Contains("!deploy/render/gateway", File.ReadAllLines(Path.Combine(Repository.Folder, ".dockerignore")));
    }

    [Fact]
    public void Nginx_finds_the_replicas_by_the_name_that_Render_gives_all_of_them()
    {
        var blueprint = Render(s_other);
        var host = Variable(Gateway(blueprint), "API_HOST").FromService!;

        Assert.Equal((Api(blueprint).Name, Api(blueprint).Type, "host"), (host.Name, host.Type, host.Property));
        Assert.Equal("8080", Value(Gateway(blueprint), "PORT"));
        var files = new RenderTarget().RenderFiles(s_other);
        Assert.Contains("$API_HOST-discovery", files["gateway/Dockerfile"], StringComparison.Ordinal);
        Assert.Matches(@"(?m)^ +server api:5000 .* resolve;$", files["gateway/nginx/conf.d/gateway.conf"]);
        // Render's load balancer says that a client came by HTTPS.
        Assert.Contains("10.0.0.0/8 1;", files["gateway/nginx/conf.d/trusted-networks.conf"], StringComparison.Ordinal);
    }

    [Fact]
    public void Clients_that_look_like_one_are_not_limited_as_one()
    {
        const string limits = "gateway/nginx/conf.d/limits.conf";

        Assert.DoesNotContain(limits, new RenderTarget().RenderFiles().Keys);
        Assert.Contains(limits, new RenderTarget().RenderFiles(new BalancingPolicy { TrustedNetworks = ["192.0.2.0/24"] }).Keys);
    }

    [Theory]
    [InlineData(500, 512, "starter")]
    [InlineData(501, 512, "standard")]
    [InlineData(500, 513, "standard")]
    [InlineData(2500, 512, "pro plus")]
    public void An_instance_is_the_smallest_that_holds_a_replica(int cpu, int memory, string expected) =>
        Assert.Equal(
            expected,
            Api(
                Render(
                    new DeploymentPlan
                    {
                        Policy = new(),
                        Resources = new() { CpuMillicores = cpu, MemoryLimitMebibytes = memory },
                    }
                )
            ).Plan
        );

    private static RenderBlueprint Render(int least, int most) =>
        Render(
            new BalancingPolicy
            {
                Scaling = new() { MinReplicas = least, MaxReplicas = most },
            }
        );

    private static RenderBlueprint Render(BalancingPolicy? policy = null) => Render(new DeploymentPlan { Policy = policy ?? new() });

    private static RenderBlueprint Render(DeploymentPlan plan) =>
        RenderBlueprint.Parse(new RenderTarget().RenderFiles(plan)["render.yaml"]);

    private static RenderService Gateway(RenderBlueprint blueprint) => Assert.Single(blueprint.Services, service => service.Type == "web");

    private static RenderService Api(RenderBlueprint blueprint) => Assert.Single(blueprint.Services, service => service.Type == "pserv");

    private static RenderVariable Variable(RenderService service, string key) =>
        Assert.Single(service.EnvVars, variable => variable.Key == key);

    private static string? Value(RenderService service, string key) => Variable(service, key).Value;
}
