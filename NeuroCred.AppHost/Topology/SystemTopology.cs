using NeuroCred.Balancer.Policy;

namespace NeuroCred.AppHost;

/// <summary>The replicas, the ports and the policies of the system, as configured.</summary>
/// <param name="GatewayPort">The gateway's port (<c>Gateway:Port</c>, default 8080); null for any free one.</param>
/// <param name="GatewayHttpsPort">The gateway's port for HTTPS (<c>Gateway:HttpsPort</c>, default 8443); null for any free one.</param>
/// <param name="Host">The host name or address the replicas bind (<c>Api:Host</c>, default localhost).</param>
/// <param name="Replicas">The replicas (<c>Api:Replicas</c>, default 3, on ports from <c>Api:BasePort</c>, default 4001).</param>
/// <param name="IsSupervised">Whether what hangs or ends by itself is started again (<c>Supervisor:Enabled</c>, default true).</param>
/// <param name="Policy">How requests are spread over the replicas, and how those are probed (section <c>Balancing</c>).</param>
internal sealed record SystemTopology(
    int? GatewayPort, int? GatewayHttpsPort, string Host, IReadOnlyList<Replica> Replicas, bool IsSupervised, BalancingPolicy Policy);

/// <summary>A replica of the API.</summary>
/// <param name="Name">Its name: <c>api-1</c>.</param>
/// <param name="Port">Its port, or null for any free one.</param>
internal sealed record Replica(string Name, int? Port);
