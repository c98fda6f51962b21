using NeuroCred.AppHost.Topology;

namespace NeuroCred.Tests.AppHost;

public sealed class TopologyTests
{
    [Fact]
    public void Without_configuration_there_are_three_replicas_on_4001_to_4003_and_the_gateway_on_8080()
    {
        var topology = Read(out var errors);

        Assert.Empty(errors);
        Assert.Equal(8080, topology.GatewayPort);
        Assert.Equal(8443, topology.GatewayHttpsPort);
        Assert.Equal(8090, topology.MonitorPort);
        Assert.Equal("localhost", topology.Host);
        Assert.Equal([new("api-1", 4001), new("api-2", 4002), new("api-3", 4003)], topology.Replicas);
        Assert.Equal([4101, 4102, 4103], topology.Replicas.Select(replica => replica.ManagementPort));
        Assert.True(topology.IsSupervised);
        Assert.Equal("/health", topology.Policy.Health.Liveness.Path);
    }

    [Fact]
    public void The_supervisor_can_be_turned_off()
    {
        var topology = Read(out var errors, ("Supervisor:Enabled", "False"));

        Assert.Empty(errors);
        Assert.False(topology.IsSupervised);
    }

    [Theory]
    [InlineData("1", 10)]
    [InlineData("8", 9)]
    [InlineData("20", 2)]
    public void All_replicas_together_fit_the_connections_that_Postgres_has(string replicas, int poolSize)
    {
        var topology = Read(out _, ("Api:Replicas", replicas));

        Assert.Equal(poolSize, topology.PostgresPoolSize);
        Assert.InRange(topology.Replicas.Count * (topology.PostgresPoolSize + 2), 1, 97);
    }

    [Theory]
    [InlineData("500ms", "3s", 500, 3000)]
    [InlineData("10s", "30s", 2500, 5000)]
    public void Replicas_drain_as_the_policy_says_and_before_the_orchestrator_kills_them(
        string grace,
        string timeout,
        int graceMilliseconds,
        int timeoutMilliseconds
    )
    {
        var topology = Read(out var errors, ("Balancing:Draining:Grace", grace), ("Balancing:Draining:Timeout", timeout));

        Assert.Empty(errors);
        Assert.Equal(TimeSpan.FromMilliseconds(graceMilliseconds), topology.DrainGrace);
        Assert.Equal(TimeSpan.FromMilliseconds(timeoutMilliseconds), topology.DrainTimeout);
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("127.0.0.2", true)]
    [InlineData("::1", false)] // a URL needs brackets around it
    [InlineData("2130706433", false)]
    public void Replicas_bind_localhost_or_an_IPv4_address(string host, bool isTaken)
    {
        Read(out var errors, ("Api:Host", host));

        Assert.Equal(isTaken, errors is []);
    }

    [Fact]
    public void Variables_of_the_shell_that_have_the_names_of_sections_are_let_be()
    {
        Read(out var errors, ("GATEWAY", "10.0.0.1"), ("API", "https://api.example"), ("MONITOR", "HDMI-1"), ("SUPERVISOR", "runit"));

        Assert.Empty(errors);
    }

    [Fact]
    public void Settings_of_replicas_and_of_the_monitor_in_the_environment_are_let_be()
    {
        Read(out var errors, ("Api:Key", "a-key-of-a-replica"), ("Monitor:Window", "5s"), ("Monitor:LatencyObjective", "50ms"));

        Assert.Empty(errors);
    }

    [Fact]
    public void Port_0_means_any_free_port()
    {
        var topology = Read(
            out var errors,
            ("Gateway:Port", "0"),
            ("Gateway:HttpsPort", "0"),
            ("Monitor:Port", "0"),
            ("Api:BasePort", "0"),
            ("Api:Replicas", "2")
        );

        Assert.Empty(errors);
        Assert.Null(topology.GatewayPort);
        Assert.Null(topology.GatewayHttpsPort);
        Assert.Null(topology.MonitorPort);
        Assert.Equal([new("api-1", null), new("api-2", null)], topology.Replicas);
    }

    [Fact]
    public void Replicas_get_those_of_their_own_settings_that_are_given()
    {
        (string Key, string? Value)[] settings =
        [
            ("Api:MaxConcurrentRequests", "20"),
            ("Api:PublicReads", "True"),
            ("Cors:Origins", "https://app.example,http://localhost:3000"),
            ("Idempotency:RetentionHours", "48"),
            ("Live:MaxConnections", "5"),
            ("RateLimits:ReadsPerMinute", "0"),
            ("Retention:HistoryDays", "30"),
            ("Retention:TransactionDays", "90"),
        ];

        Assert.Empty(Read(out _).ReplicaSettings);
        var given = Read(out var errors, settings).ReplicaSettings;
        Assert.Empty(errors);
        Assert.Equal(settings.Select(s => KeyValuePair.Create(s.Key, s.Value!)), given.OrderBy(s => s.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void All_mistakes_are_named_at_once_each_with_its_key_and_what_to_give()
    {
        Read(
            out var errors,
            ("Gateway:Port", "http"),
            ("Api:Replicas", "0"),
            ("Api:BasePort", "70000"),
            ("Api:Host", "my host"),
            ("Gateway:HttpsPort", "-1"),
            ("Monitor:Port", "none"),
            ("Supervisor:Enabled", "on"),
            ("Balancing:Algorithm", "random"),
            ("RateLimits:ReadsPerMinute", "many"),
            ("RateLimits:Writes", "1"),
            ("Retention:HistoryDays", "ever"),
            ("Api:PublicReads", "maybe"),
            ("Api:Replica", "5"),
            ("Gateway:HttpPort", "80"),
            ("Monitor:Windows", "5s"),
            ("Supervisor:Enable", "false"),
            ("Cors:Origin", "https://app.example"),
            ("Live:MaxConnections", "0")
        );

        Assert.Equal(
            [
                "Gateway:Port is 'http': give a port, or 0 for any free one, 0 to 65535.",
                "Gateway:HttpsPort is '-1': give a port, or 0 for any free one, 0 to 65535.",
                "Monitor:Port is 'none': give a port, or 0 for any free one, 0 to 65535.",
                "Api:Replicas is '0': give how many replicas to start, 1 to 20.",
                "Api:BasePort is '70000': give the first replica's port, or 0 for any free ones, 0 to 65415.",
                "Api:Host is 'my host': give localhost, or an IPv4 address of this machine.",
                "Supervisor:Enabled is 'on': give true to have what hangs or ends by itself started again, or false.",
                "Balancing:Algorithm is 'random': give one of least_conn, ip_hash, cookie_hash.",
                "RateLimits:ReadsPerMinute is 'many': give a number of requests, or 0 for any number, 0 to 1000000.",
                "Retention:HistoryDays is 'ever': give a number of days, or 0 to keep all, 0 to 36500.",
                "Api:PublicReads is 'maybe': give true or false.",
                "Live:MaxConnections is '0': give a number of connections, 1 to 100000.",
                "Api:Replica is not known: use one of BasePort, HoldPorts, Host, Key, MaxConcurrentRequests, PublicReads, Replicas, ShowKey.",
                "Cors:Origin is not known: use one of Origins.",
                "Gateway:HttpPort is not known: use one of HttpsPort, Port.",
                "Monitor:Windows is not known: use one of LatencyObjective, Port, Window.",
                "RateLimits:Writes is not known: use one of AnonymousReadsPerMinute, ReadsPerMinute, ScoresPerMinute, WritesPerMinute.",
                "Supervisor:Enable is not known: use one of Enabled.",
            ],
            errors
        );
    }

    [Fact]
    public void Neither_the_gateway_nor_the_monitor_can_have_the_port_of_a_replica()
    {
        Read(out var errors, ("Gateway:Port", "4002"), ("Gateway:HttpsPort", "4101"), ("Monitor:Port", "4003"));

        Assert.Equal(
            [
                "Gateway:Port is 4002, which api-2 would take: with Api:BasePort 4001 and Api:Replicas 3, give a port outside 4001 "
                    + "to 4003.",
                "Gateway:HttpsPort is 4101, which api-1 would take: with Api:BasePort 4001 and Api:Replicas 3, give a port outside "
                    + "4101 to 4103.",
                "Monitor:Port is 4003, which api-3 would take: with Api:BasePort 4001 and Api:Replicas 3, give a port outside 4001 "
                    + "to 4003.",
            ],
            errors
        );
    }

    [Fact]
    public void HTTP_HTTPS_and_the_monitor_cannot_share_a_port()
    {
        Read(out var errors, ("Gateway:Port", "9000"), ("Gateway:HttpsPort", "9000"), ("Monitor:Port", "9000"));

        Assert.Equal(
            [
                "Gateway:HttpsPort is 9000, and so is Gateway:Port: give each a port of its own.",
                "Monitor:Port is 9000, and so is Gateway:Port: give each a port of its own.",
                "Monitor:Port is 9000, and so is Gateway:HttpsPort: give each a port of its own.",
            ],
            errors
        );
    }

    [Fact]
    public void Mistakes_in_the_balancing_policy_are_named_together_with_the_others()
    {
        Read(out var errors, ("Gateway:Port", "http"), ("Balancing:Health:Liveness:UnhealthyThreshold", "0"));

        Assert.Collection(
            errors,
            error => Assert.StartsWith("Gateway:Port ", error, StringComparison.Ordinal),
            error => Assert.StartsWith("Balancing:Health:Liveness:UnhealthyThreshold ", error, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("Parameters:apikey", "hunter2 \"';,=$(x)")]
    [InlineData("Parameters:postgres-password", " hunter2 \"';,=$(x)ü")]
    [InlineData("Parameters:redis-password", "hunter2\"';=$(x)ü")]
    public void Keys_and_passwords_have_quotes_and_the_like(string key, string value)
    {
        Read(out var errors, (key, value));

        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("Parameters:apikey", "hunter2ü", "position 8 ")]
    [InlineData("Parameters:apikey", "hunter2\n", "position 8 ")]
    [InlineData("Parameters:apikey", "hunter2 ", "position 8 ")]
    [InlineData("Parameters:apikey", " hunter2", "position 1 ")]
    [InlineData("Parameters:apikey", "hunter2", "too short")]
    [InlineData("Parameters:postgres-password", "hunter2\n", "position 8,")]
    [InlineData("Parameters:redis-password", "hunter2,", "position 8,")]
    [InlineData("Parameters:redis_password", "hunter 2", "position 7,")]
    public void What_a_key_or_a_password_cannot_have_is_named_by_its_place_and_without_any_part_of_it(
        string key,
        string value,
        string place
    )
    {
        Read(out var errors, (key, value));

        var error = Assert.Single(errors);
        Assert.StartsWith($"{key} ", error, StringComparison.Ordinal);
        Assert.Contains(place, error, StringComparison.Ordinal);
        Assert.Contains("nothing to have one generated", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_is_shown_in_clear_only_when_asked_for()
    {
        Assert.False(Read(out _).ShowsKey);
        Assert.True(Read(out var errors, ("Api:ShowKey", "true")).ShowsKey);
        Assert.Empty(errors);
    }

    private static SystemTopology Read(out IReadOnlyList<string> errors, params (string Key, string? Value)[] values)
    {
        var settings = GivenSettings.Of(values);
        var topology = SystemTopology.Read(settings);
        errors = settings.Errors;
        return topology;
    }
}
