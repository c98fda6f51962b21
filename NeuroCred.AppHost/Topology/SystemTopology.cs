namespace NeuroCred.AppHost;

/// <summary>The replicas and the ports of the system, as configured.</summary>
/// <param name="GatewayPort">The gateway's port (<c>Gateway:Port</c>, default 8080); null for any free one.</param>
/// <param name="Host">The host name or address the replicas bind (<c>Api:Host</c>, default localhost).</param>
/// <param name="Replicas">The replicas (<c>Api:Replicas</c>, default 3, on ports from <c>Api:BasePort</c>, default 4001).</param>
internal sealed record SystemTopology(int? GatewayPort, string Host, IReadOnlyList<Replica> Replicas);

/// <summary>A replica of the API.</summary>
/// <param name="Name">Its name: <c>api-1</c>.</param>
/// <param name="Port">Its port, or null for any free one.</param>
internal sealed record Replica(string Name, int? Port);
