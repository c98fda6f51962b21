using Microsoft.Extensions.DependencyInjection;
using NeuroCred.AppHost.Topology;

namespace NeuroCred.AppHost.Ports;

internal static class PortKeeperExtensions
{
    /// <summary>Keeps other programs off the ports of replicas that are down.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="replicas">The replicas, each with the endpoints <c>http</c> and <c>management</c>, both without a proxy.</param>
    internal static void HoldPorts(
        this IDistributedApplicationBuilder builder,
        IReadOnlyList<IResourceBuilder<IResourceWithEndpoints>> replicas
    )
    {
        var ports = replicas
            .SelectMany(replica => (EndpointReference[])[replica.GetEndpoint("http"), replica.GetEndpoint(Replica.Management)])
            .ToLookup(endpoint => endpoint.Resource, endpoint => (endpoint, new ReplicaPort()));
        foreach (var replica in ports)
        {
            // Waited for before the process is started, whoever starts it.
            builder.Eventing.Subscribe<BeforeResourceStartedEvent>(
                replica.Key,
                (_, _) =>
                {
                    foreach (var (_, port) in replica)
                    {
                        port.Release();
                    }

                    return Task.CompletedTask;
                }
            );
        }

        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<PortKeeper>(services, ports));
    }
}
