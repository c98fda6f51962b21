namespace NeuroCred.Tests.Balancer.Policy;

public sealed class PolicyReaderTests
{
    [Fact]
    public void Without_configuration_the_policy_is_the_guides_with_what_was_measured()
    {
        var policy = Read([], out var errors);

        Assert.Empty(errors);
        Assert.Equal(
            ("neurocred_backend", 4000, "api.neurocred.io", BalancingAlgorithm.LeastConnections),
            (policy.Upstream.Name, policy.Upstream.Port, policy.ServerName, policy.Algorithm)
        );
        Assert.Equal((0, TimeSpan.FromSeconds(1)), (policy.Failures.MaxFails, policy.Failures.FailTimeout));
        Assert.Equal(("/health/ready", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), 2, 3), Probe(policy.Health.Readiness));
        Assert.Equal(("/health", TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(500), 1, 3), Probe(policy.Health.Liveness));
    }

    [Fact]
    public void Every_setting_can_be_configured()
    {
        // A value that differs from the default for each property, so that a key that is read and dropped is noticed.
        var defaults = Flatten(new BalancingPolicy());
        var given = Flatten(Read(Everything, out var errors));

        Assert.Empty(errors);
        Assert.Equal(defaults.Keys, given.Keys);
        Assert.Empty(given.Where(setting => Equals(setting.Value, defaults[setting.Key])).Select(setting => setting.Key));
    }

    [Fact]
    public void Requests_cannot_have_the_management_port()
    {
        Read(new() { ["Balancing:Upstream:Port"] = "9091" }, out var errors);

        Assert.Equal(["Balancing:Upstream:Port is 9091, which is the replicas' management port: give another one."], errors);
    }

    [Fact]
    public void All_mistakes_are_told_at_once_each_with_its_key_and_the_fix()
    {
        Read(
            new()
            {
                ["Balancing:Algorithm"] = "round_robin",
                ["Balancing:Timeouts:Read"] = "soon",
                ["Balancing:Timeouts:Connect"] = "2m",
                ["Balancing:Timeouts:Reed"] = "5s",
                ["Balancing:Retries:Conditions"] = "error, http_418",
                ["Balancing:Retries:Tries"] = "many",
                ["Balancing:Holding:Time"] = "5m",
                ["Balancing:Holding:Limit"] = "0",
                ["Balancing:Limits:MaxBodySize"] = "1 MB",
                ["Balancing:Limits:ConnectionsPerClient"] = "20000",
                ["Balancing:Tls:RedirectHttp"] = "yes",
                ["Balancing:Tls:Certificate"] = "api.pem",
                ["Balancing:TrustedNetworks"] = "10.0.0.0/8, proxy",
                ["Balancing:Draining:Grace"] = "5s",
                ["Balancing:Health:Liveness:Timeout"] = "2s",
            },
            out var errors
        );

        Assert.Equal(
            [
                "Balancing:Algorithm is 'round_robin': give one of least_conn, ip_hash, cookie_hash.",
                "Balancing:Timeouts:Read is 'soon': give a duration such as 500ms, 10s, 5m or 1h.",
                "Balancing:Retries:Conditions has 'http_418': use error, timeout, invalid_header, http_500, http_502, http_503, "
                    + "http_504, http_429, non_idempotent.",
                "Balancing:Retries:Tries is 'many': give a whole number.",
                "Balancing:Tls:RedirectHttp is 'yes': give true or false.",
                "Balancing:Limits:MaxBodySize is '1 MB': give a size in bytes, or such as 64k or 1m.",
                "Balancing:Timeouts:Reed is not known: use one of Timeouts:Client, Timeouts:Connect, Timeouts:Read, Timeouts:Send, "
                    + "Timeouts:Stream.",
                "Balancing:Health:Liveness:Timeout is 2s, and Interval 1s: give it no more, or probes would overlap.",
                "Balancing:Timeouts:Connect is 2m: give 1ms to 75s.",
                "Balancing:Holding:Time is 5m: give 0s to 1m.",
                "Balancing:Holding:Limit is 0: give 1 to 10000.",
                "Balancing:Tls:CertificateKey is missing: give certificate and key together, or neither to have a development "
                    + "certificate made.",
                "Balancing:TrustedNetworks has 'proxy': give addresses or networks, such as 10.0.0.7, 10.0.0.0/24 or fd00::/8, those of IPv4 "
                    + "with four numbers and no leading zeros, those of IPv6 without brackets and zone.",
                "Balancing:Limits:ConnectionsPerClient is 20000: give 0 to 10000.",
                "Balancing:Draining:Timeout is 5s, and Draining:Grace 5s: give the former more, or a replica would have no time to "
                    + "finish what it has.",
            ],
            errors
        );
    }

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("1.5s", 1.5)]
    [InlineData(" 10 s ", 10)]
    [InlineData("2m", 120)]
    [InlineData("00:00:07", 7)]
    public void A_duration_can_be_written_in_several_ways(string text, double seconds)
    {
        var policy = Read(new() { ["Balancing:Timeouts:Send"] = text }, out var errors);

        Assert.Empty(errors);
        Assert.Equal(seconds, policy.Timeouts.Send.TotalSeconds);
    }

    [Theory]
    [InlineData("10")]
    [InlineData("-1s")]
    [InlineData("1e3s")]
    [InlineData("")]
    [InlineData("9999999999999999d")]
    public void What_is_no_duration_never_passes_as_one(string text)
    {
        var policy = Read(new() { ["Balancing:Timeouts:Send"] = text }, out var errors);

        Assert.Equal(text.Length > 0, errors.Count > 0);
        Assert.Equal(new BalancingPolicy().Timeouts.Send, policy.Timeouts.Send);
    }

    private static Dictionary<string, string?> Everything { get; } =
        new()
        {
            ["Balancing:Upstream:Name"] = "api",
            ["Balancing:Upstream:Port"] = "5000",
            ["Balancing:ServerName"] = "example.com",
            ["Balancing:Algorithm"] = "ip_hash",
            ["Balancing:Affinity:Cookie"] = "replica",
            ["Balancing:Affinity:Duration"] = "1h",
            ["Balancing:Health:Liveness:Path"] = "/live",
            ["Balancing:Health:Liveness:Interval"] = "2s",
            ["Balancing:Health:Liveness:Timeout"] = "1s",
            ["Balancing:Health:Liveness:HealthyThreshold"] = "2",
            ["Balancing:Health:Liveness:UnhealthyThreshold"] = "4",
            ["Balancing:Health:Readiness:Path"] = "/ready",
            ["Balancing:Health:Readiness:Interval"] = "10s",
            ["Balancing:Health:Readiness:Timeout"] = "2s",
            ["Balancing:Health:Readiness:HealthyThreshold"] = "3",
            ["Balancing:Health:Readiness:UnhealthyThreshold"] = "2",
            ["Balancing:Failures:MaxFails"] = "1",
            ["Balancing:Failures:FailTimeout"] = "30s",
            ["Balancing:Timeouts:Connect"] = "2s",
            ["Balancing:Timeouts:Send"] = "5s",
            ["Balancing:Timeouts:Read"] = "6s",
            ["Balancing:Timeouts:Stream"] = "30m",
            ["Balancing:Timeouts:Client"] = "20s",
            ["Balancing:Retries:Conditions:0"] = "error",
            ["Balancing:Retries:Conditions:1"] = "http_500",
            ["Balancing:Retries:Tries"] = "2",
            ["Balancing:Retries:TotalTime"] = "20s",
            ["Balancing:Holding:Time"] = "10s",
            ["Balancing:Holding:Limit"] = "200",
            ["Balancing:Keepalive:Connections"] = "16",
            ["Balancing:Keepalive:IdleTimeout"] = "30s",
            ["Balancing:Tls:Certificate"] = "api.pem",
            ["Balancing:Tls:CertificateKey"] = "api-key.pem",
            ["Balancing:Tls:RedirectHttp"] = "true",
            ["Balancing:Tls:HstsMaxAge"] = "365d",
            ["Balancing:TrustedNetworks"] = "10.0.0.0/8",
            ["Balancing:Limits:MaxBodySize"] = "64k",
            ["Balancing:Limits:ConnectionsPerClient"] = "50",
            ["Balancing:Limits:RequestsPerSecond"] = "10",
            ["Balancing:Limits:Burst"] = "5",
            ["Balancing:Draining:Grace"] = "2s",
            ["Balancing:Draining:Timeout"] = "30s",
            ["Balancing:Scaling:MinReplicas"] = "2",
            ["Balancing:Scaling:MaxReplicas"] = "10",
            ["Balancing:Scaling:CpuPercent"] = "60",
            ["Balancing:Scaling:MemoryPercent"] = "75",
            ["Balancing:Scaling:QueueLength"] = "100",
        };

    [Theory]
    [InlineData("10.0.0.7", true)]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("fd00::1", true)]
    [InlineData("fd00::/8", true)]
    [InlineData("10.0/16", false)]
    [InlineData("10", false)]
    [InlineData("010.0.0.1", false)]
    [InlineData("010.0.0.0/8", false)]
    [InlineData("fe80::1%1", false)]
    [InlineData("[fd00::1]", false)]
    [InlineData("10.0.0.0/33", false)]
    public void A_trusted_network_is_what_nginx_reads_too(string network, bool isTaken)
    {
        Read(new() { ["Balancing:TrustedNetworks"] = network }, out var errors);

        Assert.Equal(isTaken, errors is []);
    }

    private static (string, TimeSpan, TimeSpan, int, int) Probe(ProbePolicy probe) =>
        (probe.Path, probe.Interval, probe.Timeout, probe.HealthyThreshold, probe.UnhealthyThreshold);

    private static BalancingPolicy Read(Dictionary<string, string?> settings, out IReadOnlyList<string> errors)
    {
        var reader = GivenSettings.Of(settings.Select(s => (s.Key, s.Value)));
        var policy = PolicyReader.Read(reader);
        errors = reader.Errors;
        return policy;
    }

    private static SortedDictionary<string, object?> Flatten(object value)
    {
        var settings = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        Add("", value);
        return settings;

        void Add(string prefix, object value)
        {
            foreach (var property in value.GetType().GetProperties())
            {
                var member = property.GetValue(value);
                if (member?.GetType() is { IsEnum: false, Namespace: "NeuroCred.Balancer.Policy" or "NeuroCred.Settings" })
                {
                    Add($"{prefix}{property.Name}:", member);
                }
                else
                {
                    settings[prefix + property.Name] = member is System.Collections.IEnumerable list and not string
                        ? string.Join(' ', list.Cast<object>())
                        : member;
                }
            }
        }
    }
}
