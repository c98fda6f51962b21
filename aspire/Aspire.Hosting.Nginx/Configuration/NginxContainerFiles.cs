using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Nginx.Configuration;

/// <summary>Makes the files of <c>/etc/nginx</c> when the container starts: only then have the endpoints addresses.</summary>
internal static class NginxContainerFiles
{
    internal static async Task<IEnumerable<ContainerFileSystemItem>> RenderAsync(NginxResource nginx, CancellationToken cancellationToken)
    {
        var balancing = nginx.Annotations.OfType<NginxLoadBalancingAnnotation>().SingleOrDefault()
            ?? throw new DistributedApplicationException($"'{nginx.Name}' has nothing to serve: call WithLoadBalancing with the endpoints of the servers.");
        var port = await GetAsync(nginx.PrimaryEndpoint, EndpointProperty.TargetPort, cancellationToken).ConfigureAwait(false);
        var servers = new List<NginxServer>();
        foreach (var server in balancing.Servers)
        {
            servers.Add(await LocateAsync(server, cancellationToken).ConfigureAwait(false));
        }

        var configuration = new NginxConfiguration(ParsePort(port), servers, balancing.Options);
        return
        [
            new ContainerFile { Name = NginxConfiguration.MainFile, Contents = NginxConfiguration.RenderMain() },
            new ContainerDirectory
            {
                Name = "conf.d",
                Entries = [new ContainerFile { Name = NginxConfiguration.GatewayFile, Contents = configuration.RenderGateway() }],
            },
        ];
    }

    private static async Task<NginxServer> LocateAsync(EndpointReference server, CancellationToken cancellationToken)
    {
        var name = server.Resource.Name;
        if (server.Scheme != "http")
        {
            throw new DistributedApplicationException($"The endpoint '{server.EndpointName}' of '{name}' is {server.Scheme}: give an http endpoint to WithLoadBalancing.");
        }

        // The address that a container has to use for it, unless the reference names a network of its own.
        var seen = server.ContextNetworkID is null
            ? server.Resource.GetEndpoint(server.EndpointName, KnownNetworkIdentifiers.DefaultAspireContainerNetwork)
            : server;
        var host = await GetAsync(seen, EndpointProperty.Host, cancellationToken).ConfigureAwait(false);
        var port = await GetAsync(seen, EndpointProperty.Port, cancellationToken).ConfigureAwait(false);
        return new(name, host, ParsePort(port));
    }

    private static async Task<string> GetAsync(EndpointReference endpoint, EndpointProperty property, CancellationToken cancellationToken)
        => await endpoint.Property(property).GetValueAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new DistributedApplicationException($"The endpoint '{endpoint.EndpointName}' of '{endpoint.Resource.Name}' has no {property}.");

    private static int ParsePort(string port) => int.Parse(port, NumberStyles.None, CultureInfo.InvariantCulture);
}
