using System.Text.Json.Nodes;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Railway;
using NeuroCred.Tests.Balancer.Deployment;
using NeuroCred.Tests.Balancer.Policy;
using NeuroCred.Tests.Npm;

namespace NeuroCred.Tests.Balancer.Railway;

[StartsProcesses]
public sealed class RailwayTargetTests
{
    private const string File = ".railway/railway.ts";

    private static readonly BalancingPolicy s_other = OtherPolicy.Value with
    {
        Scaling = new() { MinReplicas = 5, MaxReplicas = 9 },
    };

    [Fact]
    public void Beside_the_Api_there_are_a_database_and_a_cache() =>
        Assert.Equal(
            ["database.postgres", "database.redis", "service.api"],
            Resources(s_other).Select(resource => resource["address"]).Order()
        );

    [Fact]
    public void The_policy_decides_how_a_replica_is_checked_drained_and_watched_and_how_many_there_are()
    {
        var api = Api(s_other);

        Assert.Equal(("/ready", 5m), (At(api, "deploy", "healthcheckPath"), At(api, "deploy", "numReplicas")));
        Assert.Equal(("ALWAYS", 15m), (At(api, "deploy", "restartPolicyType"), At(api, "deploy", "drainingSeconds")));
        var (domain, settings) = Assert.Single((Dictionary<string, object?>)At(api, "networking", "customDomains")!);
        Assert.Equal(("api.example.org", 5000m), (domain, At(settings, "port")));
        Assert.Equal(("5000", "5000"), (Variable(api, "PORT"), Variable(api, "ASPNETCORE_HTTP_PORTS")));
        Assert.Equal(("00:00:02.5000000", "00:00:12.3000000"), (Variable(api, "Draining__Grace"), Variable(api, "Draining__Timeout")));
        Assert.Equal(
            ("/live", "4", "2.5", "5"),
            (
                Variable(api, "LIVENESS_PATH"),
                Variable(api, "LIVENESS_INTERVAL"),
                Variable(api, "LIVENESS_TIMEOUT"),
                Variable(api, "LIVENESS_FAILURES")
            )
        );
    }

    [Fact]
    public void A_replica_has_longer_to_leave_than_it_takes() =>
        Assert.InRange((decimal)At(Api(new()), "deploy", "drainingSeconds")!, 5 + 1, 60);

    [Theory]
    [InlineData("_")]
    [InlineData("~^(?<tenant>[a-z]+)\\.example\\.org$")]
    public void A_name_that_is_none_in_DNS_is_no_domain(string serverName) =>
        Assert.DoesNotContain("networking", Api(new() { ServerName = serverName }).Keys);

    [Fact]
    public void The_schema_comes_before_the_version_that_needs_it() =>
        Assert.Equal(["NeuroCred.Api migrate"], (List<object?>)At(Api(new()), "deploy", "preDeployCommand")!);

    [Fact]
    public void Secrets_are_another_services_or_set_by_hand_and_never_written()
    {
        var variables = (Dictionary<string, object?>)Api(new())["variables"]!;

        Assert.Equal(Output("database.postgres", "DATABASE_URL"), variables["ConnectionStrings__neurocred"]);
        Assert.Equal(Output("database.redis", "REDIS_URL"), variables["ConnectionStrings__redis"]);
        Assert.Equal(new Dictionary<string, object?> { ["type"] = "sharedReference", ["name"] = "API_KEY" }, variables["Api__Key"]);

        static object Output(string resource, string name) =>
            new Dictionary<string, object?>
            {
                ["type"] = "reference",
                ["resource"] = resource,
                ["output"] = name,
            };
    }

    // Railway's Postgres takes 100 connections, and an update runs both versions for a moment.
    [Theory]
    [InlineData(3, "8")]
    [InlineData(5, "6")]
    [InlineData(10, "2")]
    [InlineData(40, "1")]
    public void Two_versions_of_all_replicas_fit_the_database(int replicas, string expected) =>
        Assert.Equal(
            expected,
            Variable(
                Api(
                    new()
                    {
                        Scaling = new() { MinReplicas = replicas, MaxReplicas = replicas },
                    }
                ),
                "Postgres__PoolSize"
            )
        );

    [Fact]
    public void A_replica_may_use_what_the_plan_gives_it()
    {
        var limits = At(Api(new()), "deploy", "limitOverride", "containers");

        Assert.Equal((1m, 512m * 1024 * 1024), (At(limits, "cpu"), At(limits, "memoryBytes")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_types_that_Railway_publishes_accept_it(bool other)
    {
        using var folder = new TemporaryFolder();
        Prepare(folder, new() { Policy = other ? s_other : new() });

        var (code, output) = await Node(folder.Path, "node_modules/typescript/bin/tsc", "--noEmit");

        Assert.True(code == 0, output);
    }

    [Theory]
    [InlineData("healthcheck:", "healthCheck:")]
    [InlineData("replicas: 3", "replicas: \"3\"")]
    [InlineData("drainingSeconds", "drainSeconds")]
    [InlineData("\"DOCKERFILE\"", "\"Dockerfile\"")]
    [InlineData("DATABASE_URL", "DATABASEURL")]
    public async Task The_types_that_Railway_publishes_refuse_a_mistake(string right, string wrong)
    {
        using var folder = new TemporaryFolder();
        Prepare(folder, new() { Policy = new() });
        var text = await System.IO.File.ReadAllTextAsync(folder.At(File), Cancellation);
        Assert.Contains(right, text, StringComparison.Ordinal);
        folder.Write(File, text.Replace(right, wrong, StringComparison.Ordinal));

        var (code, output) = await Node(folder.Path, "node_modules/typescript/bin/tsc", "--noEmit");

        Assert.True(code != 0 && output.Contains("railway.ts", StringComparison.Ordinal), output);
    }

    [Fact]
    public void Its_users_get_the_packages_that_check_it_here()
    {
        var used = Packages(System.IO.File.ReadAllText(Path.Combine(NpmTools.Packages, "../package.json")));

        Assert.All(Packages(new RailwayTarget().RenderFiles()["package.json"]), package => Assert.Equal(used[package.Key], package.Value));

        static Dictionary<string, string> Packages(string json) =>
            JsonNode.Parse(json)!["devDependencies"].Deserialize<Dictionary<string, string>>()!;
    }

    private static Dictionary<string, object?> Api(BalancingPolicy policy) =>
        Resources(policy).Single(resource => (string)resource["address"]! == "service.api");

    private static IEnumerable<Dictionary<string, object?>> Resources(BalancingPolicy policy)
    {
        using var folder = new TemporaryFolder();
        Prepare(folder, new() { Policy = policy });
        return ((List<object?>)NpmTools.ReadRailway(folder.At(File))["resources"]!).Cast<Dictionary<string, object?>>();
    }

    private static object? At(object? value, params string[] path) =>
        path.Aggregate(value, (found, name) => ((Dictionary<string, object?>)found!)[name]);

    private static object? Variable(Dictionary<string, object?> service, string name)
    {
        Assert.Equal("literal", At(service, "variables", name, "type"));
        return At(service, "variables", name, "value");
    }

    private static void Prepare(TemporaryFolder folder, DeploymentPlan plan)
    {
        NpmTools.SkipIfMissing();
        Directory.CreateSymbolicLink(folder.At("node_modules"), NpmTools.Packages);
        foreach (var file in new RailwayTarget().Render(plan))
        {
            folder.Write(file.Path, file.Content);
        }
    }

    private static Task<(int Code, string Output)> Node(string folder, params string[] arguments) =>
        Tool.RunInAsync(folder, "node", arguments);
}
