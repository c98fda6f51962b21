using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Nginx.Configuration;

namespace NeuroCred.Tests.Nginx;

/// <summary>The settings under which the rendered configuration is checked, each named for what is special about it.</summary>
internal static class TestConfigurations
{
    private static readonly NginxConfiguration s_defaults = new(18080, Servers(3), new());

    public static IReadOnlyDictionary<string, NginxConfiguration> All { get; } = new Dictionary<string, NginxConfiguration>
    {
        ["defaults"] = s_defaults,
        ["one-server"] = s_defaults with { Servers = Servers(1) },
        ["many-servers"] = s_defaults with { Servers = Servers(100) },
        ["addresses-of-all-kinds"] = s_defaults with { Servers = [new("api-1", "localhost", 4001), new("api-2", "192.0.2.7", 8080), new("api-3", "::1", 4003)] },
        ["guide"] = s_defaults with { Options = new() { UpstreamName = "neurocred_backend", ServerName = "api.neurocred.io", FailTimeout = TimeSpan.FromSeconds(30) } },
        ["no-limits"] = s_defaults with { Options = new() { MaxFails = 0, NextUpstreamTries = 0, NextUpstreamTimeout = TimeSpan.Zero, KeepaliveConnections = 1 } },
        ["milliseconds"] = s_defaults with
        {
            Options = new()
            {
                ConnectTimeout = TimeSpan.FromMilliseconds(1),
                SendTimeout = TimeSpan.FromMilliseconds(1500),
                ReadTimeout = TimeSpan.FromMilliseconds(2500),
                NextUpstreamTimeout = TimeSpan.FromMilliseconds(2501),
            },
        },
        ["longest"] = s_defaults with
        {
            Options = new()
            {
                MaxFails = int.MaxValue,
                FailTimeout = TimeSpan.FromHours(1),
                ConnectTimeout = TimeSpan.FromSeconds(75),
                SendTimeout = TimeSpan.FromHours(1),
                ReadTimeout = TimeSpan.FromMinutes(59),
                NextUpstreamTimeout = TimeSpan.FromHours(1),
                NextUpstreamTries = int.MaxValue,
                KeepaliveConnections = 100_000,
            },
        },
        ["wildcard-name"] = s_defaults with { Options = new() { ServerName = "*.neurocred.io" } },
        ["names-that-need-quotes"] = s_defaults with { Options = new() { UpstreamName = "a.b-c_1", ServerName = """~^(?<tenant>[a-z]{1,8})\.x"; } # {{listen}} $""" } },
    };

    private static IReadOnlyList<NginxServer> Servers(int count) => [.. Enumerable.Range(1, count).Select(i => new NginxServer($"api-{i}", "localhost", 4000 + i))];
}
