using NeuroCred.Monitor.AccessLog;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Discovery;

namespace NeuroCred.Tests.Monitor;

/// <summary>A monitor of three replicas on this machine.</summary>
internal static class TestOptions
{
    public static MonitorOptions Create(string accessLog = "/none", BalancingPolicy? policy = null, int firstPort = 4001) =>
        new()
        {
            AccessLog = accessLog,
            GatewayStatus = new("http://localhost:8081/nginx-status"),
            Replicas =
            [
                .. Enumerable
                    .Range(0, 3)
                    .Select(i => new MonitoredReplica(
                        $"api-{i + 1}",
                        new($"http://localhost:{firstPort + i}"),
                        new($"http://localhost:{firstPort + 100 + i}")
                    )),
            ],
            Policy = policy ?? new(),
        };

    public static UpstreamAddresses Resolve(MonitorOptions options)
    {
        var addresses = new UpstreamAddresses(new WatchedReplicas(options), options);
        addresses.ResolveAsync(CancellationToken.None).GetAwaiter().GetResult();
        return addresses;
    }
}
