using NeuroCred.Balancer.Nginx;

namespace NeuroCred.Tests.Balancer.Nginx;

/// <summary>The settings under which the rendered configuration is checked, each named for what is special about it.</summary>
internal static class TestConfigurations
{
    private static readonly NginxConfiguration s_defaults = new()
    {
        Policy = new(),
        Servers = Servers(3),
        HttpPort = 18080,
    };
    private static readonly TlsPolicy s_tls = new()
    {
        Certificate = "cert.pem",
        CertificateKey = "key.pem",
        RedirectHttp = true,
    };
    private static readonly NginxHttpsListener s_https = new(18443, 8443, "tls/certificate.pem", "tls/certificate-key.pem");

    public static IReadOnlyDictionary<string, NginxConfiguration> All { get; } =
        new Dictionary<string, NginxConfiguration>
        {
            ["defaults"] = s_defaults,
            ["one-server"] = s_defaults with { Servers = Servers(1) },
            ["many-servers"] = s_defaults with { Servers = Servers(100) },
            ["addresses-of-all-kinds"] = s_defaults with
            {
                Servers = [new("api-1", "localhost", 4001), new("api-2", "192.0.2.7", 8080), new("api-3", "::1", 4003)],
            },
            ["guide"] = s_defaults with
            {
                Policy = new()
                {
                    Failures = new() { MaxFails = 3, FailTimeout = TimeSpan.FromSeconds(30) },
                    Retries = new() { Conditions = [RetryCondition.Error, RetryCondition.Timeout, RetryCondition.Http503] },
                },
            },
            ["ip-hash"] = s_defaults with { Policy = new() { Algorithm = BalancingAlgorithm.IpHash } },
            ["cookie-hash"] = s_defaults with
            {
                Policy = new()
                {
                    Algorithm = BalancingAlgorithm.CookieHash,
                    Affinity = new() { Cookie = "replica", Duration = TimeSpan.FromMinutes(10) },
                },
            },
            ["https"] = s_defaults with { Https = s_https },
            ["https-of-today"] = s_defaults with { Https = s_https, NginxVersion = new(1, 30, 1) },
            ["https-only"] = s_defaults with
            {
                Https = s_https,
                Policy = new() { Tls = s_tls with { HstsMaxAge = TimeSpan.FromDays(365) } },
            },
            ["https-on-443"] = s_defaults with
            {
                Https = s_https with { PublicPort = 443 },
                Policy = new() { Tls = new() { RedirectHttp = true } },
            },
            ["trusted-networks"] = s_defaults with { Policy = new() { TrustedNetworks = ["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"] } },
            ["no-limits"] = s_defaults with
            {
                Policy = new()
                {
                    Limits = new() { ConnectionsPerClient = 0, RequestsPerSecond = 0 },
                },
            },
            ["clients-unseen"] = s_defaults with { SeesClients = false },
            ["limits"] = s_defaults with
            {
                Policy = new()
                {
                    Limits = new()
                    {
                        MaxBodySize = 65536,
                        ConnectionsPerClient = 50,
                        RequestsPerSecond = 10,
                        Burst = 5,
                    },
                },
            },
            ["everything"] = s_defaults with
            {
                Https = s_https,
                Policy = new()
                {
                    Algorithm = BalancingAlgorithm.CookieHash,
                    TrustedNetworks = ["10.0.0.0/8"],
                    Tls = s_tls with { HstsMaxAge = TimeSpan.FromDays(730) },
                    Limits = new() { RequestsPerSecond = 100_000, Burst = 0 },
                    Health = new()
                    {
                        Liveness = new()
                        {
                            Path = "/live.json",
                            Interval = TimeSpan.FromSeconds(1),
                            Timeout = TimeSpan.FromSeconds(1),
                            HealthyThreshold = 1,
                            UnhealthyThreshold = 1,
                        },
                        Readiness = new()
                        {
                            Path = "/live.json",
                            Interval = TimeSpan.FromSeconds(1),
                            Timeout = TimeSpan.FromSeconds(1),
                            HealthyThreshold = 1,
                            UnhealthyThreshold = 1,
                        },
                    },
                },
            },
            ["nothing-is-sent-again"] = s_defaults with { Policy = new() { Retries = new() { Conditions = [] } } },
            ["everything-is-sent-again"] = s_defaults with
            {
                Policy = new()
                {
                    Retries = new()
                    {
                        Conditions = Enum.GetValues<RetryCondition>(),
                        Tries = 0,
                        TotalTime = TimeSpan.Zero,
                    },
                },
            },
            ["milliseconds"] = s_defaults with
            {
                Policy = new()
                {
                    Timeouts = new()
                    {
                        Connect = TimeSpan.FromMilliseconds(1),
                        Send = TimeSpan.FromMilliseconds(1500),
                        Read = TimeSpan.FromMilliseconds(2500),
                    },
                    Retries = new() { TotalTime = TimeSpan.FromMilliseconds(2501) },
                },
            },
            ["longest"] = s_defaults with
            {
                Policy = new()
                {
                    Failures = new() { MaxFails = int.MaxValue, FailTimeout = TimeSpan.FromHours(1) },
                    Timeouts = new()
                    {
                        Connect = TimeSpan.FromSeconds(75),
                        Send = TimeSpan.FromHours(1),
                        Read = TimeSpan.FromMinutes(59),
                        Stream = TimeSpan.FromDays(1),
                        Client = TimeSpan.FromHours(1),
                    },
                    Retries = new() { TotalTime = TimeSpan.FromHours(1), Tries = 100 },
                    Keepalive = new() { Connections = 10_000, IdleTimeout = TimeSpan.FromHours(1) },
                    Limits = new() { MaxBodySize = 1 << 30 },
                },
            },
            ["holding"] = s_defaults with { JsModule = NginxConfiguration.UsualJsModule },
            ["holding-few-failures"] = s_defaults with
            {
                JsModule = NginxConfiguration.UsualJsModule,
                Policy = new()
                {
                    Holding = new() { Time = TimeSpan.FromMilliseconds(1), Limit = 1 },
                    Retries = new() { Conditions = [RetryCondition.Error, RetryCondition.NonIdempotent], TotalTime = TimeSpan.Zero },
                    Health = new() { Readiness = new BalancingPolicy().Health.Readiness with { Path = "/is/ready" } },
                },
            },
            ["holding-behind-a-name"] = s_defaults with
            {
                JsModule = NginxConfiguration.UsualJsModule,
                Servers = [new("api", "tasks.api", 4000)],
                Resolver = "127.0.0.11",
                NginxVersion = new(1, 30),
            },
            ["watched"] = s_defaults with { AccessLogFile = "/dev/null", StatusPort = 18081 },
            ["wildcard-name"] = s_defaults with { Policy = new() { ServerName = "*.neurocred.io" } },
            ["replicas-behind-a-name"] = s_defaults with
            {
                Servers = [new("api", "tasks.api", 4000)],
                Resolver = "127.0.0.11",
                NginxVersion = new(1, 30),
            },
            ["names-that-need-quotes"] = s_defaults with
            {
                Policy = new()
                {
                    Upstream = new() { Name = "a.b-c_1" },
                    ServerName = """~^(?<tenant>[a-z]{1,8})\.x"; } # {{listen}} $""",
                },
            },
        };

    private static IReadOnlyList<NginxServer> Servers(int count) =>
        [.. Enumerable.Range(1, count).Select(i => new NginxServer($"api-{i}", "localhost", 4000 + i))];
}
