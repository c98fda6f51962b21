using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Nginx;

namespace Aspire.Hosting;

/// <summary>Adds and configures nginx gateways.</summary>
public static class NginxResourceBuilderExtensions
{
    // The ports inside the container, where nothing else listens. Above 1024, they also suit the unprivileged image.
    private const int TargetPort = 8080;
    private const int HttpsTargetPort = 8443;
    private const int StatusTargetPort = 8081;

    private const string AccessLogFolder = "/var/log/gateway";

    /// <summary>Adds an nginx gateway. What it serves is said by <see cref="WithLoadBalancing"/>.</summary>
    /// <remarks>
    /// Its endpoint <c>http</c> is proxyless: clients are connected to nginx itself. It is healthy while nginx serves, even
    /// when no server behind it does. Its configuration is written when it starts. What it writes for a version of nginx follows from the
    /// image's tag, or from the configuration key <c>Nginx:Version</c> where another version runs than the tag says.
    /// </remarks>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="port">The port that clients use; any free one when null or 0.</param>
    /// <returns>The gateway.</returns>
    /// <example>
    /// <code lang="csharp">
    /// var first = builder.AddProject&lt;Projects.Api&gt;("api-1").WithHttpEndpoint(port: 4001, isProxied: false);
    /// var second = builder.AddProject&lt;Projects.Api&gt;("api-2").WithHttpEndpoint(port: 4002, isProxied: false);
    /// builder.AddNginx("gateway", port: 8080)
    ///     .WithLoadBalancing([first.GetEndpoint("http"), second.GetEndpoint("http")]);
    /// </code>
    /// </example>
    public static IResourceBuilder<NginxResource> AddNginx(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        int? port = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var nginx = new NginxResource(name);
        return builder
            .AddResource(nginx)
            .WithImage(NginxContainerImageTags.Image, NginxContainerImageTags.Tag)
            .WithImageRegistry(NginxContainerImageTags.Registry)
            .WithContainerRuntimeArgs("--add-host", "host.docker.internal:host-gateway")
            .WithHttpEndpoint(targetPort: TargetPort, name: NginxResource.PrimaryEndpointName, isProxied: false)
            .WithPort(NginxResource.PrimaryEndpointName, port)
            .WithHttpHealthCheck(NginxResource.HealthPath, endpointName: NginxResource.PrimaryEndpointName)
            .WithContainerFiles(
                "/etc/nginx",
                (context, cancellationToken) => NginxContainerFiles.RenderAsync(nginx, context.Services, cancellationToken)
            );
    }

    /// <summary>Has the gateway serve HTTPS with HTTP/2 as well, at an endpoint <c>https</c> without a proxy.</summary>
    /// <remarks>
    /// Without a certificate, one for <c>localhost</c> is made that lasts as long as the application; clients must be told to accept it. A
    /// certificate that cannot be used fails the start of the application.
    /// </remarks>
    /// <param name="builder">The gateway.</param>
    /// <param name="port">The port that clients use; any free one when null or 0.</param>
    /// <param name="certificate">A PEM file with the certificate and its chain; a relative path starts at the AppHost's folder.</param>
    /// <param name="certificateKey">A PEM file with its key, which has no password; a relative path starts at the AppHost's folder.</param>
    /// <returns>The gateway.</returns>
    /// <exception cref="ArgumentException">A certificate was given without its key, or a key without its certificate.</exception>
    /// <example>
    /// <code lang="csharp">
    /// builder.AddNginx("gateway", port: 8080)
    ///     .WithHttps(port: 8443, "api.pem", "api-key.pem")
    ///     .WithLoadBalancing(servers);
    /// </code>
    /// </example>
    public static IResourceBuilder<NginxResource> WithHttps(
        this IResourceBuilder<NginxResource> builder,
        int? port = null,
        string? certificate = null,
        string? certificateKey = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (certificate is null != certificateKey is null)
        {
            throw new ArgumentException(
                "Give both a certificate and its key, or neither.",
                certificate is null ? nameof(certificate) : nameof(certificateKey)
            );
        }

        if (certificate is not null && certificateKey is not null)
        {
            var (name, folder) = (builder.Resource.Name, builder.ApplicationBuilder.AppHostDirectory);
            var files = new NginxCertificateAnnotation(Path.Combine(folder, certificate), Path.Combine(folder, certificateKey));
            builder.WithAnnotation(files);

            // Before anything starts, and not when the model is built: a model may be built where the files are not.
            builder.ApplicationBuilder.Eventing.Subscribe<BeforeStartEvent>(
                (_, _) =>
                {
                    TlsFiles.Read(name, files);
                    return Task.CompletedTask;
                }
            );
        }

        return builder
            .WithHttpsEndpoint(targetPort: HttpsTargetPort, name: NginxResource.HttpsEndpointName, isProxied: false)
            .WithPort(NginxResource.HttpsEndpointName, port);
    }

    /// <summary>Spreads requests over servers that all answer the same.</summary>
    /// <remarks>
    /// nginx waits for none of them: it serves, with an error, while there is no server. The endpoints should be proxyless. Behind a
    /// proxy of the orchestrator all servers of a resource look like one, which nginx then never takes for failed.
    /// </remarks>
    /// <param name="builder">The gateway.</param>
    /// <param name="servers">The HTTP endpoints of the servers, at least one.</param>
    /// <returns>The gateway.</returns>
    /// <exception cref="DistributedApplicationException">There are no servers, or the gateway has servers already.</exception>
    /// <example>
    /// <code lang="csharp">
    /// builder.AddNginx("gateway")
    ///     .WithLoadBalancing([first.GetEndpoint("http"), second.GetEndpoint("http")]);
    /// </code>
    /// </example>
    public static IResourceBuilder<NginxResource> WithLoadBalancing(
        this IResourceBuilder<NginxResource> builder,
        IEnumerable<EndpointReference> servers
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(servers);
        var name = builder.Resource.Name;
        if (builder.Resource.HasAnnotationOfType<NginxLoadBalancingAnnotation>())
        {
            throw new DistributedApplicationException($"'{name}' has servers already: call WithLoadBalancing once, with all of them.");
        }

        var balancing = new NginxLoadBalancingAnnotation([.. servers]);
        if (balancing.Servers is [])
        {
            throw new DistributedApplicationException($"'{name}' has no servers: give WithLoadBalancing the endpoint of at least one.");
        }

        // What a container names in its environment, Aspire makes reachable from it, by whichever way there is on this machine.
        foreach (var (i, server) in balancing.Servers.Index())
        {
            builder.WithEnvironment(string.Create(CultureInfo.InvariantCulture, $"SERVERS__{i}"), server);
        }

        return builder.WithAnnotation(balancing);
    }

    /// <summary>Writes the files of <c>/etc/nginx</c> in place of the default ones, from what is known when the gateway starts.</summary>
    /// <remarks>
    /// They are written anew at each start of the gateway. <c>nginx.conf</c> is the main one. The configuration must answer
    /// <see cref="NginxResource.HealthPath"/> with 200 at the HTTP port, or the gateway is never healthy. What nginx finds wrong with it
    /// stands in the gateway's log.
    /// </remarks>
    /// <param name="builder">The gateway.</param>
    /// <param name="render">Gives the files' contents by their paths below <c>/etc/nginx</c>, which have at most one folder.</param>
    /// <returns>The gateway.</returns>
    /// <exception cref="DistributedApplicationException">The gateway has a configuration already.</exception>
    /// <example>
    /// <code lang="csharp">
    /// builder.AddNginx("gateway")
    ///     .WithLoadBalancing(servers)
    ///     .WithConfiguration(context => new Dictionary&lt;string, string&gt;
    ///     {
    ///         ["nginx.conf"] = $$"""
    ///             events { }
    ///             http {
    ///                 upstream servers { {{string.Concat(context.Servers.Select(server => $"server {server.Address};"))}} }
    ///                 server {
    ///                     listen {{context.HttpPort}};
    ///                     location = /nginx-health { return 200; }
    ///                     location / { proxy_pass http://servers; }
    ///                 }
    ///             }
    ///             """,
    ///     });
    /// </code>
    /// </example>
    public static IResourceBuilder<NginxResource> WithConfiguration(
        this IResourceBuilder<NginxResource> builder,
        Func<NginxConfigurationContext, IReadOnlyDictionary<string, string>> render
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(render);
        return builder.Resource.HasAnnotationOfType<NginxConfigurationAnnotation>()
            ? throw new DistributedApplicationException(
                $"'{builder.Resource.Name}' has a configuration already: call WithConfiguration once."
            )
            : builder.WithAnnotation(new NginxConfigurationAnnotation(render));
    }

    /// <summary>Has the gateway write its access log to the file <c>access.log</c> in a folder of the host as well, for a program that
    /// follows it.</summary>
    /// <remarks>
    /// Lines arrive up to 0.5 s late, since nginx collects them. Nothing removes what was written: that is for who follows the file, or for
    /// who owns the folder. Where the log is to be rotated, move the file away and send nginx USR1.
    /// </remarks>
    /// <param name="builder">The gateway.</param>
    /// <param name="folder">The folder; a relative path starts at the AppHost's folder. It must exist when the gateway starts.</param>
    /// <returns>The gateway.</returns>
    /// <exception cref="DistributedApplicationException">The gateway writes to a file already.</exception>
    /// <example>
    /// <code lang="csharp">
    /// builder.AddNginx("gateway")
    ///     .WithLoadBalancing(servers)
    ///     .WithAccessLog("logs/gateway");
    /// </code>
    /// </example>
    public static IResourceBuilder<NginxResource> WithAccessLog(this IResourceBuilder<NginxResource> builder, string folder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return builder.Resource.HasAnnotationOfType<NginxAccessLogAnnotation>()
            ? throw new DistributedApplicationException(
                $"'{builder.Resource.Name}' writes its access log to a file already: call WithAccessLog once."
            )
            : builder.WithBindMount(folder, AccessLogFolder).WithAnnotation(new NginxAccessLogAnnotation($"{AccessLogFolder}/access.log"));
    }

    /// <summary>Has the gateway tell of its own connections (<c>stub_status</c>, at <see cref="NginxResource.StatusPath"/>), at an endpoint
    /// <c>status</c> without a proxy.</summary>
    /// <remarks>The endpoint is for those inside: it is not external, and answers nothing else.</remarks>
    /// <param name="builder">The gateway.</param>
    /// <param name="port">The port; any free one when null or 0.</param>
    /// <returns>The gateway.</returns>
    /// <example>
    /// <code lang="csharp">
    /// var gateway = builder.AddNginx("gateway").WithLoadBalancing(servers).WithStatus();
    /// watcher.WithEnvironment("Gateway__Status", gateway.Resource.StatusEndpoint);
    /// </code>
    /// </example>
    public static IResourceBuilder<NginxResource> WithStatus(this IResourceBuilder<NginxResource> builder, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .WithHttpEndpoint(targetPort: StatusTargetPort, name: NginxResource.StatusEndpointName, isProxied: false)
            .WithPort(NginxResource.StatusEndpointName, port)
            .WithEndpoint(NginxResource.StatusEndpointName, endpoint => endpoint.IsExternal = false)
            .WithUrlForEndpoint(
                NginxResource.StatusEndpointName,
                url =>
                {
                    url.Url = NginxResource.StatusPath;
                    url.DisplayText = "Status";
                    url.DisplayLocation = UrlDisplayLocation.DetailsOnly;
                }
            );
    }

    // Said afterwards: a port that was never set is taken to be the target port where there is no proxy, and not any free one.
    private static IResourceBuilder<NginxResource> WithPort(this IResourceBuilder<NginxResource> builder, string endpoint, int? port) =>
        builder.WithEndpoint(endpoint, annotation => annotation.Port = port is 0 ? null : port);
}
