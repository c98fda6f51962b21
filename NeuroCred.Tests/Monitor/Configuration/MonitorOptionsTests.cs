using NeuroCred.Monitor.Configuration;

namespace NeuroCred.Tests.Monitor.Configuration;

public sealed class MonitorOptionsTests
{
    private static readonly Dictionary<string, string?> s_valid = new()
    {
        ["Monitor:AccessLog"] = "/var/log/gateway/access.log",
        ["Monitor:GatewayStatus"] = "http://localhost:8081/nginx-status",
        ["Monitor:Replicas:0:Name"] = "api-1",
        ["Monitor:Replicas:0:Url"] = "http://localhost:4001",
        ["Monitor:Replicas:0:ManagementUrl"] = "http://localhost:4101",
        ["Monitor:Replicas:1:Name"] = "api-2",
        ["Monitor:Replicas:1:Url"] = "http://localhost:4002",
        ["Monitor:Replicas:1:ManagementUrl"] = "http://localhost:4102",
    };

    [Fact]
    public void It_needs_a_log_the_gateways_status_and_the_replicas()
    {
        var options = Read([], out var errors);

        Assert.Empty(errors);
        Assert.Equal("/var/log/gateway/access.log", options.AccessLog);
        Assert.Equal(new("http://localhost:8081/nginx-status"), options.GatewayStatus);
        Assert.Equal(
            [
                new("api-1", new("http://localhost:4001"), new("http://localhost:4101")),
                new("api-2", new("http://localhost:4002"), new("http://localhost:4102")),
            ],
            options.Replicas
        );
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(100)), (options.Window, options.LatencyObjective));
        Assert.Equal(TimeSpan.FromSeconds(1), options.Policy.Health.Liveness.Interval);
    }

    [Fact]
    public void The_rest_can_be_set()
    {
        var options = Read(
            new()
            {
                ["Monitor:Window"] = "30s",
                ["Monitor:LatencyObjective"] = "250ms",
                ["Balancing:Algorithm"] = "ip_hash",
            },
            out _
        );

        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(250)), (options.Window, options.LatencyObjective));
        Assert.Equal(NeuroCred.Balancer.Policy.BalancingAlgorithm.IpHash, options.Policy.Algorithm);
    }

    [Fact]
    public void Without_anything_everything_that_is_missing_is_named()
    {
        var settings = GivenSettings.Of();

        MonitorOptions.Read(settings);

        Assert.Equal(
            [
                "Monitor:AccessLog is missing. Set it (as a variable: Monitor__AccessLog) to the absolute path of the file that "
                    + "nginx writes its access log to.",
                "Monitor:GatewayStatus is missing: give the address at which the gateway answers stub_status, such as "
                    + "http://localhost:8081/nginx-status.",
                "Monitor:Replicas names no replica. Set Monitor__Replicas__0__Name, Monitor__Replicas__0__Url and "
                    + "Monitor__Replicas__0__ManagementUrl, and so on for each one; or Monitor__Discovery__Url and "
                    + "Monitor__Discovery__ManagementUrl, if they share a name.",
            ],
            settings.Errors
        );
    }

    [Fact]
    public void Replicas_that_come_and_go_are_found_by_a_name_that_they_share()
    {
        var settings = GivenSettings.Of(
            ("Monitor:AccessLog", "/var/log/gateway/access.log"),
            ("Monitor:GatewayStatus", "http://localhost:8081/nginx-status"),
            ("Monitor:Discovery:Url", "http://api:4000"),
            ("Monitor:Discovery:ManagementUrl", "http://api:9091")
        );

        var options = MonitorOptions.Read(settings);

        Assert.Empty(settings.Errors);
        Assert.Equal(new(new("http://api:4000"), new("http://api:9091")), options.Discovery);
        Assert.Empty(options.Replicas);
        // While an update replaces all of the most that there may be.
        Assert.Equal((40, "replica-1", "replica-40"), (options.ReplicaNames.Count, options.ReplicaNames[0], options.ReplicaNames[^1]));
    }

    [Fact]
    public void Replicas_are_either_named_or_found()
    {
        Read(new() { ["Monitor:Discovery:Url"] = "http://api:4000", ["Monitor:Discovery:ManagementUrl"] = "api:9091" }, out var errors);

        Assert.Equal(
            [
                "Monitor:Replicas names replicas, and Monitor:Discovery finds them: leave out one of both.",
                "Monitor:Discovery:ManagementUrl is 'api:9091': give the same with their management port, such as http://api:9091.",
            ],
            errors
        );
    }

    [Fact]
    public void All_mistakes_are_named_at_once_each_with_its_key_and_what_to_give()
    {
        Read(
            new()
            {
                ["Monitor:AccessLog"] = "access.log",
                ["Monitor:GatewayStatus"] = "localhost:8081",
                ["Monitor:Replicas:0:Url"] = "https://localhost:4001",
                ["Monitor:Replicas:1:Name"] = "api-1",
                ["Monitor:Replicas:2:Url"] = "http://localhost:4003",
                ["Monitor:Window"] = "2.5s",
                ["Monitor:LatencyObjective"] = "fast",
                ["Balancing:Algorithm"] = "random",
            },
            out var errors
        );

        Assert.Equal(
            [
                "Monitor:AccessLog is 'access.log'. Set it (as a variable: Monitor__AccessLog) to the absolute path of the file that "
                    + "nginx writes its access log to.",
                "Monitor:GatewayStatus is 'localhost:8081': give the address at which the gateway answers stub_status, such as "
                    + "http://localhost:8081/nginx-status.",
                "Monitor:Replicas:0:Url is 'https://localhost:4001': give the replica's own address, such as http://localhost:4001.",
                "Monitor:Replicas:1:Name is 'api-1', as another one's: give each replica a name of its own.",
                "Monitor:Replicas:2:Name is missing: give the replica's name, such as api-1.",
                "Monitor:Replicas:2:ManagementUrl is missing: give the address of the replica's management port, such as "
                    + "http://localhost:4101.",
                "Monitor:Window is '2.5s': give whole seconds from 2s to 1m, such as 10s.",
                "Monitor:LatencyObjective is 'fast': give a duration from 1ms to 1m, such as 100ms.",
                "Balancing:Algorithm is 'random': give one of least_conn, ip_hash, cookie_hash.",
            ],
            errors
        );
    }

    private static MonitorOptions Read(Dictionary<string, string?> changes, out IReadOnlyList<string> errors)
    {
        var settings = GivenSettings.Of(s_valid.Where(v => !changes.ContainsKey(v.Key)).Concat(changes).Select(v => (v.Key, v.Value)));
        var options = MonitorOptions.Read(settings);
        errors = settings.Errors;
        return options;
    }
}
