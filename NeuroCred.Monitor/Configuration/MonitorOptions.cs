using NeuroCred.Balancer.Policy;

namespace NeuroCred.Monitor.Configuration;

/// <summary>What the monitor watches, and how.</summary>
internal sealed record MonitorOptions
{
    /// <summary>The gateway's access log, as nginx writes it (<c>Monitor:AccessLog</c>).</summary>
    public required string AccessLog { get; init; }

    /// <summary>Where the gateway answers <c>stub_status</c> (<c>Monitor:GatewayStatus</c>).</summary>
    public required Uri GatewayStatus { get; init; }

    /// <summary>
    /// The replicas, at least one (<c>Monitor:Replicas:0:Name</c>, <c>Monitor:Replicas:0:Url</c>, <c>Monitor:Replicas:0:ManagementUrl</c>, ...).
    /// </summary>
    public required IReadOnlyList<MonitoredReplica> Replicas { get; init; }

    /// <summary>What the gateway balances by (section <c>Balancing</c>): the schedule of the probes, the algorithm, the timeouts.</summary>
    public required BalancingPolicy Policy { get; init; }

    /// <summary>What rates, shares, percentiles and findings are computed over (<c>Monitor:Window</c>, default 10 s, 2 s to 60 s).</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What 95 of 100 requests should take at most (<c>Monitor:LatencyObjective</c>, default 100 ms). Above it, latency counts as high.</summary>
    public TimeSpan LatencyObjective { get; init; } = TimeSpan.FromMilliseconds(100);
}

/// <summary>A replica to watch.</summary>
/// <param name="Name">Its name: <c>api-1</c>.</param>
/// <param name="Url">Its own address, without the gateway.</param>
/// <param name="ManagementUrl">The address of its management port, which has its metrics.</param>
internal sealed record MonitoredReplica(string Name, Uri Url, Uri ManagementUrl);
