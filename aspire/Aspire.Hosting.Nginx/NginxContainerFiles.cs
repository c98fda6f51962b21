using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Nginx;

/// <summary>Makes the files of <c>/etc/nginx</c> when the container starts: only then have the endpoints addresses.</summary>
internal static class NginxContainerFiles
{
    private const string VersionKey = "Nginx:Version";
    private const string TlsFolder = "tls";
    private const string CertificateFile = "certificate.pem";
    private const string CertificateKeyFile = "certificate-key.pem";

    internal static async Task<IEnumerable<ContainerFileSystemItem>> RenderAsync(
        NginxResource nginx,
        IServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        var balancing =
            nginx.Annotations.OfType<NginxLoadBalancingAnnotation>().SingleOrDefault()
            ?? throw new DistributedApplicationException(
                $"'{nginx.Name}' has nothing to serve: call WithLoadBalancing with the endpoints of the servers."
            );
        var servers = new List<NginxUpstreamServer>();
        foreach (var server in balancing.Servers)
        {
            servers.Add(await LocateAsync(nginx, server, cancellationToken).ConfigureAwait(false));
        }

        var context = new NginxConfigurationContext
        {
            Servers = servers,
            HttpPort = await GetPortAsync(nginx.PrimaryEndpoint, EndpointProperty.TargetPort, cancellationToken).ConfigureAwait(false),
            Https = nginx.HttpsEndpoint.Exists
                ? new(
                    await GetPortAsync(nginx.HttpsEndpoint, EndpointProperty.TargetPort, cancellationToken).ConfigureAwait(false),
                    await GetPortAsync(nginx.HttpsEndpoint, EndpointProperty.Port, cancellationToken).ConfigureAwait(false),
                    $"{TlsFolder}/{CertificateFile}",
                    $"{TlsFolder}/{CertificateKeyFile}"
                )
                : null,
            AccessLogFile = nginx.Annotations.OfType<NginxAccessLogAnnotation>().SingleOrDefault()?.File,
            StatusPort = nginx.StatusEndpoint.Exists
                ? await GetPortAsync(nginx.StatusEndpoint, EndpointProperty.TargetPort, cancellationToken).ConfigureAwait(false)
                : null,
            NginxVersion = FindVersion(nginx, services),
        };
        var render = nginx.Annotations.OfType<NginxConfigurationAnnotation>().SingleOrDefault()?.Render ?? DefaultConfiguration.Render;
        return [.. Place(render(context)), .. context.Https is null ? [] : (ContainerFileSystemItem[])[PlaceTls(nginx)]];
    }

    private static IEnumerable<ContainerFileSystemItem> Place(IReadOnlyDictionary<string, string> files) =>
        files
            .GroupBy(
                file => Path.GetDirectoryName(file.Key)!,
                file => new ContainerFile { Name = Path.GetFileName(file.Key), Contents = file.Value }
            )
            .SelectMany(folder =>
                folder.Key is ""
                    ? folder
                    : (IEnumerable<ContainerFileSystemItem>)[new ContainerDirectory { Name = folder.Key, Entries = [.. folder] }]
            );

    private static ContainerDirectory PlaceTls(NginxResource nginx)
    {
        var tls = nginx.Annotations.OfType<NginxCertificateAnnotation>().SingleOrDefault() is { } files
            ? TlsFiles.Read(nginx.Name, files)
            : nginx.DevelopmentCertificate.Value;
        return new()
        {
            Name = TlsFolder,
            Entries =
            [
                new ContainerFile { Name = CertificateFile, Contents = tls.Certificate },
                new ContainerFile
                {
                    Name = CertificateKeyFile,
                    Contents = tls.CertificateKey,
                    Mode = UnixFileMode.UserRead,
                },
            ],
        };
    }

    // What runs need not be what the image's tag says: a host that runs containers in its own way puts the version into the configuration.
    private static Version FindVersion(NginxResource nginx, IServiceProvider services)
    {
        var tag = nginx.Annotations.OfType<ContainerImageAnnotation>().LastOrDefault()?.Tag?.Split('-')[0];
        var given = services.GetService<IConfiguration>()?[VersionKey];
        return Version.TryParse(given ?? tag, out var version) ? version : new(1, 22);
    }

    private static async Task<NginxUpstreamServer> LocateAsync(
        NginxResource nginx,
        EndpointReference server,
        CancellationToken cancellationToken
    )
    {
        var name = server.Resource.Name;
        if (server.Scheme != "http")
        {
            throw new DistributedApplicationException(
                $"The endpoint '{server.EndpointName}' of '{name}' is {server.Scheme}: give an http endpoint to WithLoadBalancing."
            );
        }

        // The address that a container has to use for it, unless nginx does not run in one, or the reference names a network of its own.
        var seen =
            server.ContextNetworkID is null && nginx.IsContainer()
                ? server.Resource.GetEndpoint(server.EndpointName, KnownNetworkIdentifiers.DefaultAspireContainerNetwork)
                : server;
        var host = await GetAsync(seen, EndpointProperty.Host, cancellationToken).ConfigureAwait(false);
        var port = await GetPortAsync(seen, EndpointProperty.Port, cancellationToken).ConfigureAwait(false);
        return new(name, host, port);
    }

    private static async Task<int> GetPortAsync(
        EndpointReference endpoint,
        EndpointProperty property,
        CancellationToken cancellationToken
    ) =>
        int.Parse(
            await GetAsync(endpoint, property, cancellationToken).ConfigureAwait(false),
            NumberStyles.None,
            CultureInfo.InvariantCulture
        );

    private static async Task<string> GetAsync(
        EndpointReference endpoint,
        EndpointProperty property,
        CancellationToken cancellationToken
    ) =>
        await endpoint.Property(property).GetValueAsync(cancellationToken).ConfigureAwait(false)
        ?? throw new DistributedApplicationException(
            $"The endpoint '{endpoint.EndpointName}' of '{endpoint.Resource.Name}' has no {property}."
        );
}
