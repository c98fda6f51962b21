using NeuroCred.Balancer.Swarm;
using NeuroCred.Tests.Balancer.Compose;
using NeuroCred.Tests.Balancer.Deployment;

namespace NeuroCred.Tests.Balancer.Swarm;

[StartsProcesses]
public sealed class SwarmTargetTests
{
    private static readonly ComposeFile s_default = Read();

    [Fact]
    public void A_replica_is_replaced_when_the_new_one_is_healthy_and_a_version_that_never_is_is_taken_back()
    {
        var api = s_default.Services["api"];

        Assert.Equal(
            (1, "start-first", "rollback"),
            (api.Deploy!.UpdateConfig!.Parallelism, api.Deploy.UpdateConfig.Order, api.Deploy.UpdateConfig.FailureAction)
        );
        Assert.Equal("start-first", api.Deploy.RollbackConfig!.Order);
        Assert.Equal(["CMD", "health"], api.Healthcheck!.Test);
    }

    [Theory]
    [InlineData(1, 11)]
    [InlineData(5, 11)]
    [InlineData(30, 30)]
    public void Swarm_kills_no_replica_that_the_images_watchdog_spares_because_it_is_busy(int policy, int seconds)
    {
        var readiness = new BalancingPolicy().Health.Readiness with { Timeout = TimeSpan.FromSeconds(policy) };
        var check = Read(new() { Health = new() { Readiness = readiness } }).Services["api"].Healthcheck!;
        static int Patience(string script, string asks) =>
            int.Parse(
                Regex.Match(File.ReadAllText(Path.Combine(Repository.Folder, "eng/images/service", script)), asks).Groups[1].ValueSpan
            );

        var watchdog = Patience("serve", @"answers_within (\d+) ");
        var health = Patience("health", @"ask ""\$\{LIVENESS_PATH:-/health\}"" (\d+)");

        Assert.Equal($"{seconds}s", check.Timeout);
        Assert.InRange(health, watchdog, seconds - 1);
        Assert.InRange(check.Retries, 2, 10);
    }

    [Fact]
    public void The_gateway_follows_the_healthy_replicas_without_a_reload()
    {
        var gateway = new SwarmTarget().RenderFiles()["nginx/conf.d/gateway.conf"];

        Assert.Equal("dnsrr", s_default.Services["api"].Deploy!.EndpointMode);
        Assert.Matches(@"resolver 127\.0\.0\.11 valid=1s", gateway);
        Assert.Matches(@"server tasks\.api:4000 .* resolve;", gateway);
    }

    [Fact]
    public void Nothing_can_be_reached_but_the_gateways_each_on_its_own_node()
    {
        Assert.Equal(["gateway"], s_default.Services.Where(service => service.Value.Ports is not []).Select(service => service.Key));
        Assert.All(s_default.Services["gateway"].Ports, port => Assert.Equal("host", ((Dictionary<object, object>)port)["mode"]));
        Assert.Equal("global", s_default.Services["gateway"].Deploy!.Mode);
        Assert.All(
            s_default.Services.Where(service => service.Key is not ("gateway" or "monitor")),
            service => Assert.All(service.Value.Networks, network => Assert.True(s_default.Networks[network].Internal))
        );
    }

    [Fact]
    public void Each_node_has_a_monitor_which_reads_the_log_of_the_gateway_there()
    {
        var (gateway, monitor) = (s_default.Services["gateway"], s_default.Services["monitor"]);

        Assert.Equal("global", monitor.Deploy!.Mode);
        Assert.Equal("http://gateway-{{.Node.ID}}:8081/nginx-status", monitor.Environment["Monitor__GatewayStatus"]);
        Assert.Equal("gateway-{{.Node.ID}}", gateway.Hostname);
        Assert.All(
            [gateway, monitor],
            service =>
                Assert.Contains(
                    service.Volumes.Cast<Dictionary<object, object>>(),
                    v => (string)v["type"] == "volume" && (string)v["source"] == "gateway-log"
                )
        );
        Assert.Equal("http://tasks.api:4000", monitor.Environment["Monitor__Discovery__Url"]);
    }

    [Fact]
    public void No_container_can_change_itself_or_gain_rights_or_take_all_of_the_node() =>
        Assert.All(
            s_default.Services,
            service =>
            {
                Assert.True(service.Value.ReadOnly, service.Key);
                Assert.Equal(["ALL"], service.Value.CapDrop);
                Assert.Contains("memory", service.Value.Deploy!.Resources["limits"]);
                Assert.Contains("pids", service.Value.Deploy.Resources["limits"]);
            }
        );

    [Fact]
    public void Nothing_is_said_that_a_swarm_ignores() =>
        Assert.All(
            s_default.Services.Values,
            service =>
            {
                Assert.Null(service.Restart);
                Assert.Null(service.MemLimit);
                Assert.Null(service.MemReservation);
                Assert.Null(service.Cpus);
                Assert.Null(service.PidsLimit);
                Assert.Null(service.ShmSize);
                Assert.Empty(service.SecurityOpt);
                Assert.Empty(service.DependsOn);
                Assert.Empty(service.Tmpfs);
            }
        );

    [Fact]
    public void Two_databases_never_run_on_the_same_data()
    {
        var postgres = s_default.Services["postgres"].Deploy!;

        Assert.Equal((1, "stop-first"), (postgres.Replicas, postgres.UpdateConfig!.Order));
        Assert.Equal(["node.labels.neurocred.data == true"], postgres.Placement["constraints"]);
    }

    [Fact]
    public void Secrets_are_the_swarms_own_and_readable_for_the_services_user_alone()
    {
        Assert.All(s_default.Secrets.Values, secret => Assert.True(secret.External));
        Assert.All(
            s_default.Services["api"].Secrets.Cast<Dictionary<object, object>>(),
            secret => Assert.Equal(("1654", "0440"), ((string)secret["uid"], (string)secret["mode"]))
        );
        Assert.All(
            s_default.Services.Values.SelectMany(service => service.Secrets).Cast<Dictionary<object, object>>(),
            secret => Assert.Contains((string)secret["source"], s_default.Secrets)
        );
    }

    [Fact]
    public void The_gateways_configuration_is_given_to_it_as_it_is_rendered()
    {
        var rendered = new SwarmTarget().RenderFiles();
        var file = ComposeFile.Parse(rendered["stack.yaml"]);

        Assert.Equal(
            rendered.Keys.Where(path => path.StartsWith("nginx/", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            file.Configs.Values.Select(config => config.File![2..]).Order(StringComparer.Ordinal)
        );
        Assert.All(
            file.Services["gateway"].Configs,
            config => Assert.Equal($"./{config["target"]["/etc/".Length..]}", file.Configs[config["source"]].File)
        );
    }

    [Fact]
    public void Another_configuration_has_another_name_since_a_swarm_never_changes_one()
    {
        var before = s_default.Configs;
        var after = Read(new() { Timeouts = new() { Read = TimeSpan.FromSeconds(7) } }).Configs;

        Assert.NotEqual(before["gateway-conf"].Name, after["gateway-conf"].Name);
        Assert.Equal(before["nginx-conf"].Name, after["nginx-conf"].Name);
    }

    [Fact]
    public void The_policy_decides_how_many_replicas_there_are_and_how_long_one_may_take_to_leave()
    {
        var api = Read(
            new()
            {
                Scaling = new() { MinReplicas = 7 },
                Draining = new() { Timeout = TimeSpan.FromSeconds(29.5) },
            }
        ).Services["api"];

        Assert.Equal((7, "30500ms", "00:00:29.5000000"), (api.Deploy!.Replicas, api.StopGracePeriod, api.Environment["Draining__Timeout"]));
    }

    [Fact]
    public void A_certificate_is_a_secret_of_the_swarm()
    {
        var policy = new BalancingPolicy
        {
            Tls = new() { Certificate = "cert.pem", CertificateKey = "key.pem" },
        };

        var file = Read(policy);

        Assert.Equal("neurocred-tls-certificate.pem", file.Secrets["tls-certificate.pem"].Name);
        Assert.Equal(["tls-certificate.pem", "tls-certificate-key.pem"], file.Services["gateway"].Secrets);
        Assert.Equal(2, file.Services["gateway"].Ports.Count);
        Assert.Contains(
            "ssl_certificate /run/secrets/tls-certificate.pem;",
            new SwarmTarget().RenderFiles(policy)["nginx/conf.d/tls.conf"],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Docker_accepts_it()
    {
        Assert.SkipWhen(Tool.Find("docker") is null, "There is no docker command.");
        var help = await Tool.RunAsync("docker", "stack", "config", "--help");
        Assert.SkipWhen(
            help.Code != 0 || !help.Output.Contains("--compose-file", StringComparison.Ordinal),
            "This docker command has no `stack config`: it came with 25."
        );

        var (code, output) = await Tool.RunInAsync(
            Path.Combine(Repository.Folder, "deploy", "swarm"),
            "docker",
            "stack",
            "config",
            "--compose-file",
            "stack.yaml"
        );

        Assert.True(code == 0, output);
        Assert.DoesNotContain("Ignoring", output, StringComparison.Ordinal);
    }

    private static ComposeFile Read(BalancingPolicy? policy = null) =>
        ComposeFile.Parse(new SwarmTarget().RenderFiles(policy)["stack.yaml"]);
}
