using NeuroCred.Balancer.Policy;
using NeuroCred.Settings;

namespace NeuroCred.Benchmarks.UnderTest;

/// <summary>The limits for each client, of the gateway and of the replicas, for load of which all comes from one address. As high as they
/// go, and not off: what they cost is measured too.</summary>
internal static class OneAddress
{
    private const int Connections = 10_000;
    private const int Requests = 100_000;
    private const int RequestsPerMinute = 1_000_000;

    /// <summary>The policy, with these limits.</summary>
    public static BalancingPolicy Policy { get; } =
        new()
        {
            Limits = new()
            {
                ConnectionsPerClient = Connections,
                RequestsPerSecond = Requests,
                Burst = Requests,
            },
        };

    /// <summary>The replicas' settings.</summary>
    public static IReadOnlyDictionary<string, string> Replica { get; } =
        new[] { "Scores", "Writes", "Reads", "AnonymousReads" }.ToDictionary(
            kind => $"RateLimits:{kind}PerMinute",
            _ => RequestsPerMinute.ToString()
        );

    /// <summary>The same as a file of Docker Compose, beside the one that is deployed.</summary>
    public static string Compose { get; } =
        $$"""
            services:
              api:
                environment: { {{string.Join(", ", Replica.Select(s => $"{SettingsReader.Variable(s.Key)}: \"{s.Value}\""))}} }
            """;

    /// <summary>All of them, for the AppHost's command line.</summary>
    public static IReadOnlyList<string> Arguments { get; } =
    [
        $"--Balancing:Limits:ConnectionsPerClient={Connections}",
        $"--Balancing:Limits:RequestsPerSecond={Requests}",
        $"--Balancing:Limits:Burst={Requests}",
        .. Replica.Select(setting => $"--{setting.Key}={setting.Value}"),
    ];
}
