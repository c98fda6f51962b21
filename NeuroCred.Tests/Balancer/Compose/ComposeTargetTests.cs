using NeuroCred.Balancer.Compose;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Tests.Balancer.Deployment;
using NeuroCred.Tests.Balancer.Policy;

namespace NeuroCred.Tests.Balancer.Compose;

[StartsProcesses]
public sealed class ComposeTargetTests
{
    private static readonly string[] s_services = ["gateway", "monitor", "api", "migrate", "postgres", "redis"];

    private static readonly ComposeFile s_default = Read();

    [Fact]
    public void Everything_runs_in_it() => Assert.Equal(s_services, s_default.Services.Keys);

    [Fact]
    public void Nothing_can_be_reached_but_the_gateway_and_from_this_machine_the_monitor()
    {
        Assert.Equal(
            ["gateway", "monitor"],
            s_default.Services.Where(service => service.Value.Ports is not []).Select(service => service.Key)
        );
        Assert.Equal(["${NEUROCRED_MONITOR:-127.0.0.1:8090}:8090"], s_default.Services["monitor"].Ports);
        Assert.Equal(["edge", "gateway"], s_default.Services["gateway"].Networks);
        Assert.Equal(["edge", "gateway"], s_default.Services["monitor"].Networks);
        Assert.All(
            s_default.Services.Where(service => service.Key is not ("gateway" or "monitor")),
            service => Assert.All(service.Value.Networks, network => Assert.True(s_default.Networks[network].Internal))
        );
        // The databases are the replicas' alone.
        Assert.DoesNotContain("gateway", s_default.Services["postgres"].Networks.Concat(s_default.Services["redis"].Networks));
    }

    [Fact]
    public void No_container_can_change_itself_or_gain_rights_or_take_all_of_the_machine() =>
        Assert.All(
            s_default.Services,
            service =>
            {
                Assert.True(service.Value.ReadOnly, service.Key);
                Assert.Equal(["ALL"], service.Value.CapDrop);
                Assert.Equal(["no-new-privileges:true"], service.Value.SecurityOpt);
                Assert.NotNull(service.Value.MemLimit);
                Assert.NotNull(service.Value.PidsLimit);
                Assert.Equal("10m", service.Value.Logging!.Options["max-size"]);
                // The Api's image has a user of its own.
                Assert.True(
                    service.Value.User is not null and not "root"
                        || service.Value.Image.Contains("neurocred-api", StringComparison.Ordinal),
                    service.Key
                );
            }
        );

    [Fact]
    public void nginx_fits_its_container_on_a_machine_with_a_hundred_processors()
    {
        var workers = int.Parse(
            Regex
                .Match(new ComposeTarget().RenderFiles()["nginx/nginx.conf"], @"^worker_processes (\d+);", RegexOptions.Multiline)
                .Groups[1]
                .ValueSpan
        );
        var gateway = s_default.Services["gateway"];

        Assert.InRange(workers + 2, 3, gateway.PidsLimit!.Value);
        // Each takes 7 MB before it has a connection, and half is for /tmp.
        Assert.InRange(workers * 8, 8, int.Parse(gateway.MemLimit!.TrimEnd('m')) / 2);
    }

    [Fact]
    public void Another_policy_is_another_gateway_and_the_same_one_is_not()
    {
        var version = s_default.Services["gateway"].Labels;

        Assert.Equal(version, Read().Services["gateway"].Labels);
        Assert.NotEqual(version, Read(new BalancingPolicy { Algorithm = BalancingAlgorithm.IpHash }).Services["gateway"].Labels);
    }

    [Fact]
    public void What_should_run_is_asked_for_its_health_and_started_again() =>
        Assert.All(
            s_default.Services.Where(service => service.Key != "migrate"),
            service =>
            {
                Assert.Equal("unless-stopped", service.Value.Restart);
                Assert.NotEmpty(service.Value.Healthcheck!.Test);
            }
        );

    [Fact]
    public void Replicas_start_when_the_schema_is_there_and_the_gateway_waits_for_nobody()
    {
        Assert.Equal("service_completed_successfully", s_default.Services["api"].DependsOn["migrate"].Condition);
        Assert.Equal("service_healthy", s_default.Services["migrate"].DependsOn["postgres"].Condition);
        Assert.Equal("no", s_default.Services["migrate"].Restart);
        Assert.Empty(s_default.Services["gateway"].DependsOn);
    }

    [Fact]
    public void The_monitor_reads_the_gateways_log_and_nothing_waits_for_it()
    {
        var (gateway, monitor) = (s_default.Services["gateway"], s_default.Services["monitor"]);

        const string log = "gateway-log:/var/log/neurocred";
        Assert.Contains(log, gateway.Volumes);
        Assert.Contains(log, monitor.Volumes);
        Assert.DoesNotContain(s_default.Services.Values, service => service.DependsOn.ContainsKey("monitor"));
        // A full disk would take the service with it.
        var volume = (Dictionary<object, object>)((Dictionary<object, object>)s_default.Volumes["gateway-log"]!)["driver_opts"];
        Assert.Equal(("tmpfs", "size=32m,uid=101,gid=101,mode=0755"), ((string)volume["type"], (string)volume["o"]));
        Assert.Equal("101:101", monitor.User);
    }

    [Fact]
    public void The_monitor_has_the_policy_of_the_gateway()
    {
        var policy = new BalancingPolicy
        {
            Upstream = new() { Name = "backend", Port = 5000 },
            Algorithm = BalancingAlgorithm.IpHash,
            Draining = new() { Grace = TimeSpan.FromSeconds(3), Timeout = TimeSpan.FromSeconds(20) },
            TrustedNetworks = ["10.0.0.0/8", "192.0.2.1"],
            Scaling = new() { MinReplicas = 1, MaxReplicas = 2 },
            Retries = new() { Conditions = [RetryCondition.Error, RetryCondition.Timeout] },
        };

        var settings = GivenSettings.Of(
            Read(policy).Services["monitor"].Environment.Select(v => (v.Key.Replace("__", ":", StringComparison.Ordinal), (string?)v.Value))
        );

        var options = MonitorOptions.Read(settings);
        Assert.Empty(settings.Errors);
        Assert.Equivalent(policy, options.Policy);
        Assert.Equal(new(new("http://api:5000"), new("http://api:9091")), options.Discovery);
        Assert.Equal(["replica-1", "replica-2", "replica-3", "replica-4"], options.ReplicaNames);
        Assert.DoesNotContain(s_default.Services["monitor"].Environment.Keys, key => key.StartsWith("Balancing", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_secret_is_a_file_and_none_is_in_a_variable()
    {
        Assert.All(
            s_default.Services.Values.SelectMany(service => service.Secrets),
            secret => Assert.NotNull(s_default.Secrets[(string)secret].File)
        );
        Assert.All(
            s_default.Services.Values.SelectMany(service => service.Environment),
            variable =>
                Assert.True(
                    !variable.Value.Contains("password", StringComparison.OrdinalIgnoreCase)
                        || variable.Key.EndsWith("_FILE", StringComparison.Ordinal),
                    variable.Key
                )
        );
        Assert.Equal("/run/secrets", s_default.Services["api"].Environment["Secrets__Directory"]);
    }

    [Fact]
    public void The_policy_decides_how_many_replicas_there_are_how_they_leave_and_when_they_hang()
    {
        var probes = OtherPolicy.Value.Health;
        var policy = OtherPolicy.Value with
        {
            Health = probes with
            {
                Readiness = probes.Readiness with { Interval = TimeSpan.FromMilliseconds(2500), Timeout = TimeSpan.FromSeconds(1) },
            },
        };

        var api = Read(policy).Services["api"];

        Assert.Equal(4, api.Deploy!.Replicas);
        Assert.Equal("13300ms", api.StopGracePeriod);
        Assert.Equal(("2500ms", "11s", 4), (api.Healthcheck!.Interval, api.Healthcheck.Timeout, api.Healthcheck.Retries));
        Assert.Equivalent(
            new Dictionary<string, string>
            {
                ["ASPNETCORE_HTTP_PORTS"] = "5000",
                ["Draining__Grace"] = "00:00:02.5000000",
                ["Draining__Timeout"] = "00:00:12.3000000",
                ["LIVENESS_PATH"] = "/live",
                ["LIVENESS_INTERVAL"] = "4",
                ["LIVENESS_TIMEOUT"] = "2.5",
                ["LIVENESS_FAILURES"] = "5",
                ["READINESS_PATH"] = "/ready",
            },
            api.Environment
        );
        Assert.Contains("server api:5000 ", Gateway(policy), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_replica_is_known_to_be_healthy_after_five_seconds_at_most() =>
        Assert.Equal("5s", s_default.Services["api"].Healthcheck!.Interval);

    [Fact]
    public void Postgres_has_room_for_every_replica_that_there_may_be()
    {
        var plan = new DeploymentPlan
        {
            Policy = new() { Scaling = new() { MaxReplicas = 40 } },
            PostgresPoolSize = 5,
        };

        var file = Read(plan);

        Assert.Equal("5", file.Services["api"].Environment["Postgres__PoolSize"]);
        Assert.Contains($"max_connections={(41 * 7) + 20}", file.Services["postgres"].Command);
    }

    [Fact]
    public void The_owner_of_the_schema_is_known_to_the_migration_alone()
    {
        var (api, migrate) = (s_default.Services["api"], s_default.Services["migrate"]);

        Assert.DoesNotContain("postgres.pgpass", api.Secrets);
        Assert.DoesNotContain("Username", api.Environment["ConnectionStrings__neurocred"], StringComparison.Ordinal);
        Assert.Contains("Username=neurocred;", migrate.Environment["ConnectionStrings__neurocred"], StringComparison.Ordinal);
        Assert.Equal(api.Environment["Postgres__User"], migrate.Environment["Postgres__User"]);
        Assert.Contains("Postgres__Password", api.Secrets);
        Assert.Contains("Postgres__Password", migrate.Secrets);
    }

    [Fact]
    public void The_gateway_follows_the_name_of_all_replicas()
    {
        var gateway = Gateway();

        Assert.Matches(@"resolver 127\.0\.0\.11 valid=1s", gateway);
        Assert.Matches("server api:4000 .* resolve;", gateway);
    }

    [Fact]
    public void A_certificate_is_a_secret_that_is_mounted_and_its_path_is_taken_as_it_is()
    {
        var policy = new BalancingPolicy
        {
            Tls = new() { Certificate = "./my \"tls\"/$cert: a.pem", CertificateKey = "key.pem" },
        };

        var file = Read(policy);

        Assert.Equal("./my \"tls\"/$$cert: a.pem", file.Secrets["tls-certificate.pem"].File);
        Assert.Equal("key.pem", file.Secrets["tls-certificate-key.pem"].File);
        Assert.Equal(["tls-certificate.pem", "tls-certificate-key.pem"], file.Services["gateway"].Secrets);
        Assert.Contains("${NEUROCRED_HTTPS:-443}:8443", file.Services["gateway"].Ports);
        Assert.Contains("listen 8443 ssl;", Gateway(policy), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Compose_of_this_machine_accepts_it()
    {
        var command = ComposeCommand.Installed;
        Assert.SkipWhen(
            command is null,
            "Neither docker-compose nor docker compose is installed (Debian: apt-get install docker-compose)."
        );

        var (code, output) = await command.RunAsync(
            Path.Combine(Repository.Folder, "deploy", "compose"),
            new Dictionary<string, string>(),
            "config",
            "--quiet"
        );

        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task The_secrets_are_made_once_and_what_two_of_them_share_is_the_same()
    {
        using var folder = new TemporaryFolder();
        folder.Write("secrets.sh", new ComposeTarget().RenderFiles()["secrets.sh"]);
        string Secret(string name) => File.ReadAllText(folder.At($"secrets/{name}")).Trim();

        Assert.Equal((0, ""), await Tool.RunInAsync(folder.Path, "sh", "secrets.sh"));
        var first = s_default.Secrets.Keys.ToDictionary(name => name, Secret);
        Assert.Equal((0, ""), await Tool.RunInAsync(folder.Path, "sh", "secrets.sh"));

        Assert.Equal(first, s_default.Secrets.Keys.ToDictionary(name => name, Secret));
        Assert.Equal(64, first["Api__Key"].Length);
        Assert.Equal($"*:*:*:*:{first["postgres-password"]}", first["postgres.pgpass"]);
        Assert.Equal($"redis:6379,password={first["redis.conf"]["requirepass ".Length..]}", first["ConnectionStrings__redis"]);
        Assert.Equal(
            4,
            new[]
            {
                first["Api__Key"],
                first["postgres-password"],
                first["Postgres__Password"],
                first["redis.conf"]["requirepass ".Length..],
            }
                .Distinct()
                .Count()
        );
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.At("secrets")));
    }

    private static ComposeFile Read(BalancingPolicy? policy = null) => Read(new DeploymentPlan { Policy = policy ?? new() });

    private static ComposeFile Read(DeploymentPlan plan) => ComposeFile.Parse(new ComposeTarget().RenderFiles(plan)["compose.yaml"]);

    private static string Gateway(BalancingPolicy? policy = null) => new ComposeTarget().RenderFiles(policy)["nginx/conf.d/gateway.conf"];
}
