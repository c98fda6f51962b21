using NeuroCred.Balancer.Policy;
using NeuroCred.Settings;

namespace NeuroCred.Monitor.Configuration;

/// <summary>What the monitor watches, and how.</summary>
internal sealed record MonitorOptions
{
    private const string DiscoverySection = "Monitor:Discovery";

    /// <summary>The gateway's access log, as nginx writes it (<c>Monitor:AccessLog</c>).</summary>
    public required string AccessLog { get; init; }

    /// <summary>Where the gateway answers <c>stub_status</c> (<c>Monitor:GatewayStatus</c>).</summary>
    public required Uri GatewayStatus { get; init; }

    /// <summary>
    /// The replicas (<c>Monitor:Replicas:0:Name</c>, <c>Monitor:Replicas:0:Url</c>, <c>Monitor:Replicas:0:ManagementUrl</c>, ...): at least
    /// one, or none with <see cref="Discovery"/>.
    /// </summary>
    public required IReadOnlyList<MonitoredReplica> Replicas { get; init; }

    /// <summary>Where replicas that come and go are found (<c>Monitor:Discovery</c>). Default: nowhere; <see cref="Replicas"/> are
    /// all.</summary>
    public DiscoveryOptions? Discovery { get; init; }

    /// <summary>What the gateway balances by (section <c>Balancing</c>): the schedule of the probes, the algorithm, the timeouts.</summary>
    public required BalancingPolicy Policy { get; init; }

    /// <summary>
    /// What rates, shares, percentiles and findings are computed over (<c>Monitor:Window</c>, default 10 s, 2 s to 60 s).
    /// </summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What 95 of 100 requests should take at most (<c>Monitor:LatencyObjective</c>, default 100 ms). Above it, latency counts as high.
    /// </summary>
    public TimeSpan LatencyObjective { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The names that replicas may have, by their numbers: those of <see cref="Replicas"/>, or <c>replica-1</c> and so on, twice as many as
    /// the policy's <c>Scaling:MaxReplicas</c>, since an update may replace all of them at once.
    /// </summary>
    public IReadOnlyList<string> ReplicaNames =>
        field ??= Discovery is null
            ? [.. Replicas.Select(r => r.Name)]
            : [.. Enumerable.Range(1, 2 * Policy.Scaling.MaxReplicas).Select(number => $"replica-{number}")];

    /// <summary>Reads the options. With any error in <paramref name="settings"/> afterwards, they must not be used.</summary>
    public static MonitorOptions Read(SettingsReader settings) =>
        new()
        {
            AccessLog = ReadAccessLog(settings),
            GatewayStatus = ReadUrl(
                settings,
                "Monitor:GatewayStatus",
                "the address at which the gateway answers stub_status, such as http://localhost:8081/nginx-status"
            )!,
            Replicas = ReadReplicas(settings),
            Discovery = ReadDiscovery(settings),
            Window = settings.Read(
                "Monitor:Window",
                TimeSpan.FromSeconds(10),
                "whole seconds from 2s to 1m, such as 10s",
                (text, out value) =>
                    Durations.TryParse(text, out value)
                    && value.TotalSeconds is >= 2 and <= 60
                    && value.Ticks % TimeSpan.TicksPerSecond == 0
            ),
            LatencyObjective = settings.Read(
                "Monitor:LatencyObjective",
                TimeSpan.FromMilliseconds(100),
                "a duration from 1ms to 1m, such as 100ms",
                (text, out value) => Durations.TryParse(text, out value) && value.TotalMilliseconds is >= 1 and <= 60_000
            ),
            Policy = PolicyReader.Read(settings),
        };

    private static string ReadAccessLog(SettingsReader settings)
    {
        const string key = "Monitor:AccessLog";
        var path = settings.Text(key);
        if (!Path.IsPathFullyQualified(path ?? ""))
        {
            settings.Report(
                key,
                $"is {Show(path)}. Set it (as a variable: {SettingsReader.Variable(key)}) to the absolute path of the file that "
                    + "nginx writes its access log to."
            );
        }

        return path ?? "";
    }

    private static List<MonitoredReplica> ReadReplicas(SettingsReader settings)
    {
        const string section = "Monitor:Replicas";
        List<MonitoredReplica> replicas = [];
        HashSet<string> names = [];
        var given = settings.Children(section);
        var isDiscovered = settings.Children(DiscoverySection) is not [];
        if (given is [] && !isDiscovered)
        {
            var first = SettingsReader.Variable($"{section}:0:");
            var discovery = SettingsReader.Variable($"{DiscoverySection}:");
            settings.Report(
                section,
                $"names no replica. Set {first}Name, {first}Url and {first}ManagementUrl, and so on for each one; "
                    + $"or {discovery}Url and {discovery}ManagementUrl, if they share a name."
            );
        }
        else if (given is not [] && isDiscovered)
        {
            settings.Report(section, $"names replicas, and {DiscoverySection} finds them: leave out one of both.");
        }

        foreach (var replica in given)
        {
            var name = settings.Text($"{replica}:Name") ?? "";
            if (name.Length == 0)
            {
                settings.Report($"{replica}:Name", "is missing: give the replica's name, such as api-1.");
            }
            else if (!names.Add(name))
            {
                settings.Report($"{replica}:Name", $"is '{name}', as another one's: give each replica a name of its own.");
            }

            var url = ReadUrl(settings, $"{replica}:Url", "the replica's own address, such as http://localhost:4001");
            var management = ReadUrl(
                settings,
                $"{replica}:ManagementUrl",
                "the address of the replica's management port, such as http://localhost:4101"
            );
            if (url is not null && management is not null)
            {
                replicas.Add(new(name, url, management));
            }
        }

        return replicas;
    }

    private static DiscoveryOptions? ReadDiscovery(SettingsReader settings) =>
        settings.Children(DiscoverySection) is not []
        && ReadUrl(settings, $"{DiscoverySection}:Url", "the address that all replicas share, such as http://api:4000") is { } url
        && ReadUrl(settings, $"{DiscoverySection}:ManagementUrl", "the same with their management port, such as http://api:9091")
            is { } management
            ? new(url, management)
            : null;

    private static Uri? ReadUrl(SettingsReader settings, string key, string expected)
    {
        var text = settings.Text(key);
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp)
        {
            return url;
        }

        settings.Report(key, $"is {Show(text)}: give {expected}.");
        return null;
    }

    private static string Show(string? text) => text is null ? "missing" : $"'{text}'";
}

/// <summary>A replica to watch.</summary>
/// <param name="Name">Its name: <c>api-1</c>.</param>
/// <param name="Url">Its own address, without the gateway.</param>
/// <param name="ManagementUrl">The address of its management port, which has its metrics.</param>
/// <param name="IsDiscovered">Whether its address was found, and its name is the monitor's: the replica has another one.</param>
internal sealed record MonitoredReplica(string Name, Uri Url, Uri ManagementUrl, bool IsDiscovered = false);

/// <summary>Where replicas are found.</summary>
/// <param name="Url">An address whose host has those of all replicas (<c>Monitor:Discovery:Url</c>): <c>http://api:4000</c>.</param>
/// <param name="ManagementUrl">The same with their management port (<c>Monitor:Discovery:ManagementUrl</c>).</param>
internal sealed record DiscoveryOptions(Uri Url, Uri ManagementUrl);
