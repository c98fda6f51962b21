using CliWrap;
using k8s.Models;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Tests.Balancer.Compose;
using NeuroCred.Tests.Documents;
using StackExchange.Redis;
using static NeuroCred.Tests.Balancer.Kubernetes.KubernetesCases;

namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>The Postgres and the Redis for clusters that have none.</summary>
[StartsProcesses]
public sealed class PostgresAndRedisTests
{
    private static PostgresCluster Postgres => Default.Get<PostgresCluster>("postgres");

    private static V1Container Redis => Assert.Single(Default.Get<V1StatefulSet>("redis").Spec.Template.Spec.Containers);

    private static string Page => MarkdownPage.Named("docs/deploying/kubernetes-databases.md").Text;

    [Fact]
    public void What_Postgres_acknowledges_outlives_the_loss_of_any_one_server()
    {
        var synchronous = Postgres.Spec.Postgresql.Synchronous;

        // Of two standbys either may fail, and the one that is promoted has everything.
        Assert.Equal(3, Postgres.Spec.Instances);
        Assert.Equal(("any", 1, "required"), (synchronous.Method, synchronous.Number, synchronous.DataDurability));
        Assert.True(synchronous.FailoverQuorum);
    }

    [Theory]
    [MemberData(nameof(Names), MemberType = typeof(KubernetesCases))]
    public void Postgres_takes_the_connections_of_all_replicas_of_one_that_an_update_starts_and_of_one_that_leaves(string policy) =>
        Assert.Equal(
            $"{(PolicyOf(policy).Scaling.MaxReplicas + 2) * (8 + 2) + 20}",
            Files(policy).Get<PostgresCluster>("postgres").Spec.Postgresql.Parameters["max_connections"]
        );

    [Fact]
    public void Postgres_is_the_version_that_other_platforms_have() =>
        Assert.StartsWith(
            $"ghcr.io/cloudnative-pg/postgresql:{new DeploymentImages().Postgres.Split(':')[1]}-",
            Postgres.Spec.ImageName,
            StringComparison.Ordinal
        );

    [Fact]
    public void The_owner_of_the_schema_may_make_the_role_that_replicas_have()
    {
        var role = Assert.Single(Postgres.Spec.Managed.Roles);

        Assert.Equal((Postgres.Spec.Bootstrap.Initdb.Owner, true, true), (role.Name, role.Login, role.Createrole));
    }

    [Fact]
    public void The_secret_of_the_page_leads_to_both()
    {
        // CloudNativePG's names for what it makes.
        var name = Postgres.Metadata.Name;
        Assert.Contains(
            $"--from-literal=postgres='Host={name}-rw;Database={Postgres.Spec.Bootstrap.Initdb.Database}'",
            Page,
            StringComparison.Ordinal
        );
        Assert.Contains($"get secret {name}-app -o jsonpath='{{.data.uri}}'", Page, StringComparison.Ordinal);
        Assert.Contains($"cluster/{name}", Page, StringComparison.Ordinal);

        var service = Default.Get<V1Service>("redis");
        var port = Assert.Single(service.Spec.Ports).Port;
        Assert.Contains($"--from-literal=redis='{service.Metadata.Name}:{port},password=...'", Page, StringComparison.Ordinal);
        var secret = Assert.Single(Default.Get<V1StatefulSet>("redis").Spec.Template.Spec.Volumes, v => v.Secret is not null).Secret;
        Assert.Contains($"--from-literal={Assert.Single(secret.Items).Key}='requirepass ...'", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_those_that_need_them_reach_them_and_they_reach_nothing_else()
    {
        var redis = Default.Get<V1NetworkPolicy>("redis").Spec;
        Assert.Equal(["Ingress", "Egress"], redis.PolicyTypes);
        Assert.Null(redis.Egress);
        var asking = Assert.Single(redis.Ingress);
        Assert.Equal(["redis"], asking.Ports.Select(port => (string)port.Port));
        Assert.Equal(["api"], asking.FromProperty.Select(Component));

        var postgres = Default.Get<V1NetworkPolicy>("postgres").Spec;
        Assert.Equal(["Ingress", "Egress"], postgres.PolicyTypes);
        Assert.Equal(
            [("api, migration", "5432"), ("postgres, cnpg-system/cloudnative-pg", "5432, 8000")],
            postgres.Ingress.Select(rule => (string.Join(", ", rule.FromProperty.Select(Component)), Ports(rule.Ports)))
        );
        Assert.Equal(
            [("", "53, 53"), ("postgres", "5432, 8000"), ("", "443, 6443")],
            postgres.Egress.Select(rule => (string.Join(", ", (rule.To ?? []).Select(Component)), Ports(rule.Ports)))
        );
    }

    [Fact]
    public void Redis_has_the_settings_of_the_other_platforms_and_room_for_them()
    {
        var compose = ComposeFile.Parse(File.ReadAllText(Path.Combine(Repository.Folder, "deploy", "compose", "compose.yaml"))).Services[
            "redis"
        ];

        Assert.Equal(compose.Command[2..], Redis.Command.Skip(2));
        Assert.Equal((compose.Command[0], compose.Image), (Redis.Command[0], $"${{NEUROCRED_REDIS_IMAGE:-{Redis.Image}}}"));
        Assert.Equal(("256m", "256Mi"), (compose.MemLimit, Redis.Resources.Limits["memory"].ToString()));
    }

    [Fact]
    public void There_is_never_a_second_Redis_in_which_an_old_score_would_stay() =>
        Assert.Equal(1, Default.Get<V1StatefulSet>("redis").Spec.Replicas);

    [Fact]
    public async Task Redis_starts_with_its_command_asks_for_the_password_and_is_found_alive()
    {
        using var folder = new TemporaryFolder();
        folder.Write("redis.conf", "requirepass secret");
        var mount = Assert.Single(Redis.VolumeMounts, mount => mount.Name == "configuration");
        var port = LocalPort.FindFree();
        await using var process = new ChildProcess(
            Cli.Wrap(Tool.Require(Redis.Command[0]))
                .WithArguments([
                    .. Redis
                        .Command.Skip(1)
                        .Select(argument => argument == $"{mount.MountPath}/redis.conf" ? folder.At("redis.conf") : argument),
                    "--port",
                    $"{port}",
                ])
        );
        await Until.HoldsAsync(() => LocalPort.IsListening(port), TimeSpan.FromMinutes(1), () => process.Output);

        Assert.Equal(0, await ProbeAsync(port));
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port},password=secret,connectRetry=10");
        Assert.Equal("PONG", (string?)await connection.GetDatabase().ExecuteAsync("PING"));
        await using var stranger = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port},abortConnect=false");
        await Assert.ThrowsAnyAsync<RedisException>(() => stranger.GetDatabase().ExecuteAsync("PING"));

        await process.EndAsync(UnixSignal.Terminate);
        Assert.NotEqual(0, await ProbeAsync(port));
    }

    private static async Task<int> ProbeAsync(int port)
    {
        var probe = Redis.LivenessProbe.Exec.Command;
        var script = Regex.Replace(probe[2], "^redis-cli ", $"redis-cli -p {port} ");
        return (await Tool.RunAsync(probe[0], probe[1], script)).Code;
    }

    private static string Component(V1NetworkPolicyPeer peer)
    {
        var labels = peer.PodSelector.MatchLabels;
        return peer.NamespaceSelector?.MatchLabels["kubernetes.io/metadata.name"] is { } space
                ? $"{space}/{labels["app.kubernetes.io/name"]}"
            : labels.TryGetValue("cnpg.io/cluster", out var cluster) ? cluster
            : labels["app.kubernetes.io/component"];
    }

    private static string Ports(IEnumerable<V1NetworkPolicyPort> ports) => string.Join(", ", ports.Select(port => (string)port.Port));
}
