using NeuroCred.Balancer.Policy;

namespace NeuroCred.AppHost;

/// <summary>The replicas, the ports and the policies of the system, as configured.</summary>
/// <param name="GatewayPort">The gateway's port (<c>Gateway:Port</c>, default 8080); null for any free one.</param>
/// <param name="GatewayHttpsPort">The gateway's port for HTTPS (<c>Gateway:HttpsPort</c>, default 8443); null for any free one.</param>
/// <param name="MonitorPort">The monitor's port (<c>Monitor:Port</c>, default 8090); null for any free one.</param>
/// <param name="Host">The host name or address the replicas bind (<c>Api:Host</c>, default localhost).</param>
/// <param name="Replicas">
/// The replicas (<c>Api:Replicas</c>, default 3, on ports from <c>Api:BasePort</c>, default 4001, with management ports 100 above).
/// </param>
/// <param name="IsSupervised">Whether what hangs or ends by itself is started again (<c>Supervisor:Enabled</c>, default true).</param>
/// <param name="ShowsKey">Whether the console shows the key for writes in clear (<c>Api:ShowKey</c>, default false).</param>
/// <param name="Policy">How requests are spread over the replicas, and how those are probed (section <c>Balancing</c>).</param>
/// <param name="HoldsPorts">Whether other programs are kept off the ports of replicas that are down (<c>Api:HoldPorts</c>, default true).</param>
internal sealed record SystemTopology(
    int? GatewayPort, int? GatewayHttpsPort, int? MonitorPort, string Host, IReadOnlyList<Replica> Replicas, bool IsSupervised, bool ShowsKey, BalancingPolicy Policy, bool HoldsPorts)
{
    // Postgres's default limit of 100, less what people and migrations need, and the 2 that each replica keeps for its own control.
    private const int PostgresConnections = 92;
    private const int ControlConnections = 2;
    private const int LargestPool = 10;

    // The orchestrator sends SIGKILL 6 s after SIGTERM.
    private static readonly TimeSpan s_longestDrain = TimeSpan.FromSeconds(5);

    /// <summary>How many Postgres connections each replica may hold for requests, so that all of them fit.</summary>
    public int PostgresPoolSize => Math.Min(LargestPool, (PostgresConnections / Replicas.Count) - ControlConnections);

    /// <summary>How long a replica that was told to stop has in all: as the policy says, and no longer than the orchestrator lets it.</summary>
    public TimeSpan DrainTimeout => Policy.Draining.Timeout < s_longestDrain ? Policy.Draining.Timeout : s_longestDrain;

    /// <summary>How long it still takes new requests: as the policy says, and no more than half of the whole.</summary>
    public TimeSpan DrainGrace => Policy.Draining.Grace < DrainTimeout / 2 ? Policy.Draining.Grace : DrainTimeout / 2;
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
