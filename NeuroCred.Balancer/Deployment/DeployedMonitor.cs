using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Policy;
using NeuroCred.Settings;

namespace NeuroCred.Balancer.Deployment;

/// <summary>
/// The monitor beside each nginx, where replicas come and go: it follows the access log in a folder that both have, which is bounded. If
/// nobody reads the log, nginx serves as before.
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

    /// <summary>
    /// How large the log may become, in MiB: the monitor empties it after 8, and the rest is for while it does not run. Where the folder is
    /// in memory it has this size, and what does not fit is not written; where it is on a disk, start.sh empties the log.
    /// </summary>
    internal const int LogMebibytes = 32;

    /// <summary>Those of its settings that are known where it is rendered, in order.</summary>
    /// <param name="policy">The gateway's policy.</param>
    /// <param name="gateway">The host by which it reaches the gateway beside it. Default: it shares the gateway's network.</param>
    internal static IReadOnlyList<(string Name, string Value)> Settings(BalancingPolicy policy, string gateway = "localhost") =>
        [
            ("ASPNETCORE_HTTP_PORTS", $"{Port}"),
            ("Monitor__AccessLog", AccessLog),
            ("Monitor__GatewayStatus", $"http://{gateway}:{StatusPort}{NginxConfiguration.StatusPath}"),
            ("LIVENESS_FAILURES", "3"),
            .. PolicySettings.Of(policy).Select(setting => (SettingsReader.Variable(setting.Key), setting.Value)),
        ];

    /// <summary>Where it finds the replicas.</summary>
    /// <param name="policy">The gateway's policy.</param>
    /// <param name="replicas">The name that has the addresses of all replicas, or what the platform replaces by it.</param>
    internal static IReadOnlyList<(string Name, string Value)> Discovery(BalancingPolicy policy, string replicas) =>
        [
            ("Monitor__Discovery__Url", $"http://{replicas}:{policy.Upstream.Port}"),
            ("Monitor__Discovery__ManagementUrl", $"http://{replicas}:{DefaultPorts.Management}"),
        ];
}
