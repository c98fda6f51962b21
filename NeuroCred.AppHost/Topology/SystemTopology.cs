using System.Net;
using System.Net.Sockets;
using NeuroCred.Balancer.Policy;
using NeuroCred.Settings;

namespace NeuroCred.AppHost.Topology;

/// <summary>The replicas, the ports and the policies of the system, as configured.</summary>
/// <param name="GatewayPort">The gateway's port (<c>Gateway:Port</c>, default 8080); null for any free one.</param>
/// <param name="GatewayHttpsPort">The gateway's port for HTTPS (<c>Gateway:HttpsPort</c>, default 8443); null for any free one.</param>
/// <param name="MonitorPort">The monitor's port (<c>Monitor:Port</c>, default 8090); null for any free one.</param>
/// <param name="Host">The host name or address the replicas bind (<c>Api:Host</c>, default localhost).</param>
/// <param name="Replicas">
/// The replicas (<c>Api:Replicas</c>, default 3, on ports from <c>Api:BasePort</c>, default 4001, with management ports 100 above).
/// </param>
/// <param name="IsSupervised">Whether what hangs or ends by itself is started again (<c>Supervisor:Enabled</c>, default true).</param>
/// <param name="ShowsKey">Whether the console shows the API key in clear (<c>Api:ShowKey</c>, default false).</param>
/// <param name="Policy">How requests are spread over the replicas, and how those are probed (section <c>Balancing</c>).</param>
/// <param name="HoldsPorts">
/// Whether other programs are kept off the ports of replicas that are down (<c>Api:HoldPorts</c>, default true).
/// </param>
/// <param name="ReplicaSettings">
/// The replicas' own settings that are given to the AppHost, with their values: <c>Api:PublicReads</c>, <c>Api:MaxConcurrentRequests</c>,
/// and the sections <c>Cors</c>, <c>Idempotency</c>, <c>Live</c>, <c>RateLimits</c> and <c>Retention</c>.
/// </param>
internal sealed record SystemTopology(
    int? GatewayPort,
    int? GatewayHttpsPort,
    int? MonitorPort,
    string Host,
    IReadOnlyList<Replica> Replicas,
    bool IsSupervised,
    bool ShowsKey,
    BalancingPolicy Policy,
    bool HoldsPorts,
    IReadOnlyDictionary<string, string> ReplicaSettings
)
{
    private const int MaxReplicas = 20;

    // Postgres's default limit of 100, less what people and migrations need, and the 2 that each replica keeps for its own control.
    private const int PostgresConnections = 92;
    private const int ControlConnections = 2;
    private const int LargestPool = 10;

    // The orchestrator sends SIGKILL 6 s after SIGTERM.
    private static readonly TimeSpan s_longestDrain = TimeSpan.FromSeconds(5);

    /// <summary>How many Postgres connections each replica may hold for requests, so that all of them fit.</summary>
    public int PostgresPoolSize => Math.Min(LargestPool, (PostgresConnections / Replicas.Count) - ControlConnections);

    /// <summary>
    /// How long a replica that was told to stop has in all: as the policy says, and no longer than the orchestrator lets it.
    /// </summary>
    public TimeSpan DrainTimeout => Policy.Draining.Timeout < s_longestDrain ? Policy.Draining.Timeout : s_longestDrain;

    /// <summary>How long it still takes new requests: as the policy says, and no more than half of the whole.</summary>
    public TimeSpan DrainGrace => Policy.Draining.Grace < DrainTimeout / 2 ? Policy.Draining.Grace : DrainTimeout / 2;

    /// <summary>
    /// Reads the topology. A value that is wrong counts as not given, so that the model can be built and all errors told at once.
    /// </summary>
    public static SystemTopology Read(SettingsReader settings)
    {
        var gatewayPort = ReadPort(settings, "Gateway:Port", 8080);
        var gatewayHttpsPort = ReadPort(settings, "Gateway:HttpsPort", 8443);
        var monitorPort = ReadPort(settings, "Monitor:Port", 8090);
        var count = settings.Number("Api:Replicas", 3, 1, MaxReplicas, "how many replicas to start");
        var basePort = settings.Number(
            "Api:BasePort",
            4001,
            0,
            ushort.MaxValue - MaxReplicas - Replica.ManagementOffset,
            "the first replica's port, or 0 for any free ones"
        );
        var host = settings.Read(
            "Api:Host",
            "localhost",
            "localhost, or an IPv4 address of this machine",
            (text, out value) =>
                (value = text) == "localhost"
                || (
                    IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork && $"{address}" == text
                )
        );
        var isSupervised = settings.Flag("Supervisor:Enabled", true, "to have what hangs or ends by itself started again");
        var showsKey = settings.Flag("Api:ShowKey", false, "to have the API key on the console in clear");
        var holdsPorts = settings.Flag("Api:HoldPorts", true, "to keep other programs off the ports of replicas that are down");
        SecretChecks.Run(settings);

        (string Key, int? Port)[] ports =
        [
            ("Gateway:Port", gatewayPort),
            ("Gateway:HttpsPort", gatewayHttpsPort),
            ("Monitor:Port", monitorPort),
        ];
        int[] firstPorts = basePort > 0 ? [basePort, basePort + Replica.ManagementOffset] : [];
        foreach (var (key, port) in ports)
        {
            foreach (var first in firstPorts.Where(first => port >= first && port < first + count))
            {
                settings.Report(
                    key,
                    $"is {port}, which api-{port - first + 1} would take: with Api:BasePort {basePort} and Api:Replicas {count}, "
                        + $"give a port outside {first} to {first + count - 1}."
                );
            }
        }

        foreach (var (i, (key, port)) in ports.Index())
        {
            foreach (var other in ports[..i].Where(other => port is not null && other.Port == port))
            {
                settings.Report(key, $"is {port}, and so is {other.Key}: give each a port of its own.");
            }
        }

        var policy = PolicyReader.Read(settings);
        var replicaSettings = ReadReplicaSettings(settings);
        ReportUnknown(settings);
        return new(
            gatewayPort,
            gatewayHttpsPort,
            monitorPort,
            host,
            [.. Enumerable.Range(0, count).Select(i => new Replica($"api-{i + 1}", basePort == 0 ? null : basePort + i))],
            isSupervised,
            showsKey,
            policy,
            holdsPorts,
            replicaSettings
        );
    }

    // Checked here too: all mistakes are then told at once, and not by each replica.
    private static Dictionary<string, string> ReadReplicaSettings(SettingsReader settings)
    {
        Dictionary<string, string> given = [];
        foreach (var name in (string[])["ScoresPerMinute", "WritesPerMinute", "ReadsPerMinute", "AnonymousReadsPerMinute"])
        {
            Read($"RateLimits:{name}", key => settings.Number(key, 0, 0, 1_000_000, "a number of requests, or 0 for any number"));
        }

        foreach (var name in (string[])["TransactionDays", "HistoryDays"])
        {
            Read($"Retention:{name}", key => settings.Number(key, 0, 0, 36_500, "a number of days, or 0 to keep all"));
        }

        Read("Api:MaxConcurrentRequests", key => settings.Number(key, 256, 1, 10_000, "a number of requests"));
        Read("Api:PublicReads", key => settings.Flag(key, false));
        Read("Cors:Origins", key => settings.Text(key)!);
        Read("Idempotency:RetentionHours", key => settings.Number(key, 24, 24, 8760, "a number of hours"));
        Read("Live:MaxConnections", key => settings.Number(key, 1000, 1, 100_000, "a number of connections"));
        return given;

        void Read<T>(string key, Func<string, T> read)
        {
            if (settings.Text(key) is not null)
            {
                given[key] = $"{read(key)}";
            }
        }
    }

    private static void ReportUnknown(SettingsReader settings)
    {
        // Given to the replicas and the monitor, which have them checked; and a shell may have a variable GATEWAY.
        foreach (
            var known in (string[])["Api:Key", "Monitor:LatencyObjective", "Monitor:Window", "Api", "Gateway", "Monitor", "Supervisor"]
        )
        {
            settings.Text(known);
        }

        foreach (
            var section in (string[])["Api", "Cors", "Gateway", "Idempotency", "Live", "Monitor", "RateLimits", "Retention", "Supervisor"]
        )
        {
            settings.ReportUnknown(section, "docs/configuration.md");
        }
    }

    private static int? ReadPort(SettingsReader settings, string key, int byDefault) =>
        settings.Number(key, byDefault, 0, ushort.MaxValue, "a port, or 0 for any free one") is var port and > 0 ? port : null;
}

/// <summary>A replica of the API.</summary>
/// <param name="Name">Its name: <c>api-1</c>.</param>
/// <param name="Port">Its port for requests, or null for any free one.</param>
internal sealed record Replica(string Name, int? Port)
{
    /// <summary>The name of the endpoint for operators and Prometheus.</summary>
    public const string Management = "management";

    /// <summary>How far the management ports are from the ports for requests.</summary>
    public const int ManagementOffset = 100;

    /// <summary>Its management port, 100 above the other one: known in advance, as Prometheus needs it; null for any free one.</summary>
    public int? ManagementPort => Port + ManagementOffset;
}
