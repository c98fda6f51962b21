using Microsoft.Extensions.DependencyInjection;

namespace NeuroCred.AppHost.Ports;

internal static class PortKeeperExtensions
{
    /// <summary>Keeps other programs off the ports of replicas that are down.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="replicas">The replicas, each with an endpoint <c>http</c> without a proxy.</param>
    internal static void HoldPorts(this IDistributedApplicationBuilder builder, IReadOnlyList<IResourceBuilder<IResourceWithEndpoints>> replicas)
    {
        var ports = replicas.ToDictionary(r => r.Resource, _ => new ReplicaPort(TimeProvider.System));
        foreach (var (replica, port) in ports)
        {
            // Waited for before the process is started, whoever starts it.
            builder.Eventing.Subscribe<BeforeResourceStartedEvent>(replica, (_, _) =>
            {
                port.Release();
                return Task.CompletedTask;
            });
        }

        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<PortKeeper>(services, (IReadOnlyDictionary<IResourceWithEndpoints, ReplicaPort>)ports));
    }
}
