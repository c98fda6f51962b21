using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Policy;
using NeuroCred.Settings;

namespace NeuroCred.Balancer.Deployment;

/// <summary>
/// The monitor beside each nginx, where replicas come and go: it follows the access log in a folder that both have, which is in memory and
/// cannot grow beyond its size. If nobody reads the log, nginx no longer writes to it, and serves as before.
/// </summary>
internal static class DeployedMonitor
{
    /// <summary>Where its page is.</summary>
    internal const int Port = 8090;

    /// <summary>Where nginx tells of its connections, for the monitor alone.</summary>
    internal const int StatusPort = 8081;

    /// <summary>The folder of the access log.</summary>
    internal const string LogFolder = "/var/log/neurocred";

    /// <summary>The access log.</summary>
    internal const string AccessLog = $"{LogFolder}/access.log";

    /// <summary>The folder's size in MiB: the monitor empties the log after 8, and the rest is for while it does not run.</summary>
    internal const int LogMebibytes = 32;

    /// <summary>Its settings, in order.</summary>
    /// <param name="policy">The gateway's policy.</param>
    /// <param name="gateway">The host by which it reaches the gateway beside it.</param>
    /// <param name="replicas">The name that has the addresses of all replicas.</param>
    internal static IReadOnlyList<(string Name, string Value)> Variables(BalancingPolicy policy, string gateway, string replicas) =>
        [
            ("ASPNETCORE_HTTP_PORTS", $"{Port}"),
            ("Monitor__AccessLog", AccessLog),
            ("Monitor__GatewayStatus", $"http://{gateway}:{StatusPort}{NginxConfiguration.StatusPath}"),
            ("Monitor__Discovery__Url", $"http://{replicas}:{policy.Upstream.Port}"),
            ("Monitor__Discovery__ManagementUrl", $"http://{replicas}:{DefaultPorts.Management}"),
            ("LIVENESS_FAILURES", "3"),
            .. PolicySettings.Of(policy).Select(setting => (SettingsReader.Variable(setting.Key), setting.Value)),
        ];
}
