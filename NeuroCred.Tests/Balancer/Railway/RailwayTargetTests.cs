using System.Text.Json;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Policy;
using NeuroCred.Balancer.Railway;
using NeuroCred.Tests.Balancer.Nginx;
using NeuroCred.Tests.Balancer.Policy;
using NeuroCred.Tests.Snapshots;

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
    public void The_policy_decides_how_a_replica_is_checked_drained_and_watched_and_how_many_there_are()
    {
        var api = Api(s_other);
        var deploy = (Dictionary<string, object>)api["deploy"];
        var domain = (Dictionary<string, object>)Assert.Single((List<object>)api["domains"]);

        Assert.Equal(("/ready", 5m), (api["healthcheck"], api["replicas"]));
        Assert.Equal(("ALWAYS", 15m), (deploy["restartPolicyType"], deploy["drainingSeconds"]));
        Assert.Equal(("api.example.org", 5000m), (domain["domain"], domain["port"]));
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
        Assert.InRange((decimal)((Dictionary<string, object>)Api(new())["deploy"])["drainingSeconds"], 5 + 1, 60);

    [Theory]
    [InlineData("_")]
    [InlineData("~^(?<tenant>[a-z]+)\\.example\\.org$")]
    public void A_name_that_is_none_in_DNS_is_no_domain(string serverName) =>
        Assert.DoesNotContain("domains", Api(new() { ServerName = serverName }).Keys);

    [Fact]
    public void The_schema_comes_before_the_version_that_needs_it() => Assert.Equal("NeuroCred.Api migrate", Api(new())["preDeploy"]);

    [Fact]
    public void Secrets_are_another_services_or_set_by_hand_and_never_written()
    {
        var api = Api(new());

        Assert.Equal(new TypeScriptExpression("database.env.DATABASE_URL"), Variable(api, "ConnectionStrings__neurocred"));
        Assert.Equal(new TypeScriptExpression("cache.env.REDIS_URL"), Variable(api, "ConnectionStrings__redis"));
        Assert.Equal(new TypeScriptExpression("railway.shared.API_KEY"), Variable(api, "Api__Key"));
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
        var limits =
            (Dictionary<string, object>)
                ((Dictionary<string, object>)((Dictionary<string, object>)Api(new())["deploy"])["limitOverride"])["containers"];

        Assert.Equal((1m, 512m * 1024 * 1024), (limits["cpu"], limits["memoryBytes"]));
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
        var text = await System.IO.File.ReadAllTextAsync(folder.At(File), TestContext.Current.CancellationToken);
        Assert.Contains(right, text, StringComparison.Ordinal);
        folder.Write(File, text.Replace(right, wrong, StringComparison.Ordinal));

        var (code, output) = await Node(folder.Path, "node_modules/typescript/bin/tsc", "--noEmit");

        Assert.True(code != 0 && output.Contains("railway.ts", StringComparison.Ordinal), output);
    }

    [Fact]
    public async Task What_Railways_package_makes_of_it_is_what_the_policy_says()
    {
        using var folder = new TemporaryFolder();
        Prepare(folder, new() { Policy = s_other });
        var (code, output) = await Node(
            folder.Path,
            "node_modules/typescript/bin/tsc",
            "--noEmit",
            "false",
            "--rootDir",
            ".railway",
            "--outDir",
            "compiled"
        );
        Assert.True(code == 0, output);
        folder.Write(
            "print.mjs",
            """
            import { createRailwayContext, project } from "railway/iac";
            import define from "./compiled/railway.js";
            console.log(JSON.stringify(await define(createRailwayContext({ environment: "production" }), project)));
            """
        );

        (code, output) = await Node(folder.Path, "print.mjs");

        Assert.True(code == 0, output);
        using var document = JsonDocument.Parse(output);
        var resources = document
            .RootElement.GetProperty("resources")
            .EnumerateArray()
            .ToDictionary(resource => resource.GetProperty("address").GetString()!);
        Assert.Equal(["database.postgres", "database.redis", "service.api"], resources.Keys.Order(StringComparer.Ordinal));
        var api = resources["service.api"];
        Assert.Equal("/ready", api.GetProperty("deploy").GetProperty("healthcheckPath").GetString());
        Assert.Equal(
            (5, 15),
            (
                api.GetProperty("deploy").GetProperty("numReplicas").GetInt32(),
                api.GetProperty("deploy").GetProperty("drainingSeconds").GetInt32()
            )
        );
        Assert.Equal(
            5000,
            api.GetProperty("networking").GetProperty("customDomains").GetProperty("api.example.org").GetProperty("port").GetInt32()
        );
        Assert.Equal(
            """{"type":"reference","resource":"database.postgres","output":"DATABASE_URL"}""",
            api.GetProperty("variables").GetProperty("ConnectionStrings__neurocred").GetRawText()
        );
        Assert.Equal("""{"type":"sharedReference","name":"API_KEY"}""", api.GetProperty("variables").GetProperty("Api__Key").GetRawText());
    }

    private static Dictionary<string, object> Api(BalancingPolicy policy) =>
        (Dictionary<string, object>)
            TypeScriptValue.ReadAfter(
                new RailwayTarget().Render(new() { Policy = policy }).Single(file => file.Path == File).Content,
                "service(\"api\", "
            );

    private static object Variable(Dictionary<string, object> service, string name) => ((Dictionary<string, object>)service["env"])[name];

    // What "npm install" in deploy/railway brought: a test downloads nothing.
    private static void Prepare(TemporaryFolder folder, DeploymentPlan plan)
    {
        var packages = Path.Combine(Repository.Folder, "deploy/railway/node_modules");
        Assert.SkipWhen(Tool.Find("node") is null, "node is not installed.");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(packages, "railway")) && Directory.Exists(Path.Combine(packages, "typescript")),
            "Railway's types are not there: run npm install in deploy/railway."
        );
        Directory.CreateSymbolicLink(folder.At("node_modules"), packages);
        foreach (var file in new RailwayTarget().Render(plan))
        {
            folder.Write(file.Path, file.Content);
        }
    }

    private static Task<(int Code, string Output)> Node(string folder, params string[] arguments) =>
        Tool.RunInAsync(folder, "node", arguments);
}
