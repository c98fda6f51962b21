using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Nginx;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Policy;

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
    /// when no server behind it does. Its configuration is written when it starts. What it writes for a version of nginx follows from the image's tag, or from
    /// the configuration key <c>Nginx:Version</c> where another version runs than the tag says.
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
    public static IResourceBuilder<NginxResource> AddNginx(this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var nginx = new NginxResource(name);
        return builder.AddResource(nginx)
            .WithImage(NginxContainerImageTags.Image, NginxContainerImageTags.Tag)
            .WithImageRegistry(NginxContainerImageTags.Registry)
            .WithContainerRuntimeArgs("--add-host", "host.docker.internal:host-gateway")
            .WithHttpEndpoint(port: port is 0 ? null : port, targetPort: TargetPort, name: NginxResource.PrimaryEndpointName, isProxied: false)
            .WithHttpHealthCheck(NginxConfiguration.HealthPath, endpointName: NginxResource.PrimaryEndpointName)
            .WithContainerFiles("/etc/nginx", (context, cancellationToken) => NginxContainerFiles.RenderAsync(nginx, context.Services, cancellationToken));
    }

    /// <summary>Has the gateway serve HTTPS with HTTP/2 as well, at an endpoint <c>https</c> without a proxy.</summary>
    /// <remarks>
    /// The certificate is the one that the policy names (<see cref="TlsPolicy.Certificate"/>). Without one, a certificate for <c>localhost</c> is made that
    /// lasts as long as the application; clients must be told to accept it.
    /// </remarks>
    /// <param name="builder">The gateway.</param>
    /// <param name="port">The port that clients use; any free one when null or 0.</param>
    /// <returns>The gateway.</returns>
    /// <example>
    /// <code lang="csharp">
    /// builder.AddNginx("gateway", port: 8080)
    ///     .WithHttps(port: 8443)
    ///     .WithLoadBalancing(servers, new() { Tls = new() { Certificate = "api.pem", CertificateKey = "api-key.pem", RedirectHttp = true } });
    /// </code>
    /// </example>
    public static IResourceBuilder<NginxResource> WithHttps(this IResourceBuilder<NginxResource> builder, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithHttpsEndpoint(port: port is 0 ? null : port, targetPort: HttpsTargetPort, name: NginxResource.HttpsEndpointName, isProxied: false);
    }

    /// <summary>Spreads requests over servers that all answer the same.</summary>
    /// <remarks>
    /// nginx waits for none of them: it serves, with 503, while there is no server. The endpoints should be proxyless. Behind a
    /// proxy of the orchestrator all servers of a resource look like one, which nginx then never takes for failed.
    /// </remarks>
    /// <param name="builder">The gateway.</param>
    /// <param name="servers">The HTTP endpoints of the servers, at least one.</param>
    /// <param name="policy">How requests are spread and sent again; the defaults when null.</param>
    /// <returns>The gateway.</returns>
    /// <exception cref="DistributedApplicationException">
    /// There are no servers, some settings are invalid (all of them are named), or the gateway has servers already. A certificate that cannot be used fails the
    /// start of the application.
    /// </exception>
    /// <example>
    /// <code lang="csharp">
    /// builder.AddNginx("gateway")
    ///     .WithLoadBalancing(replicas.Select(r => r.GetEndpoint("http")), new() { ServerName = "api.example.com" });
    /// </code>
    /// </example>
    public static IResourceBuilder<NginxResource> WithLoadBalancing(
        this IResourceBuilder<NginxResource> builder, IEnumerable<EndpointReference> servers, BalancingPolicy? policy = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(servers);
        var name = builder.Resource.Name;
        if (builder.Resource.HasAnnotationOfType<NginxLoadBalancingAnnotation>())
        {
            throw new DistributedApplicationException($"'{name}' has servers already: call WithLoadBalancing once, with all of them.");
        }

        var balancing = new NginxLoadBalancingAnnotation([.. servers], policy ?? new());
        if (FindErrors(balancing).ToList() is { Count: > 0 } errors)
        {
            throw new DistributedApplicationException(string.Join(Environment.NewLine, [$"The load balancing of '{name}' is invalid.", .. errors]));
        }

        foreach (var server in balancing.Servers.Select(s => s.Resource).Distinct())
        {
            builder.WithReferenceRelationship(server);
        }

        // What a container names in its environment, Aspire makes reachable from it, by whichever way there is on this machine.
        foreach (var (i, server) in balancing.Servers.Index())
        {
            builder.WithEnvironment(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"SERVERS__{i}"), server);
        }

        builder.ApplicationBuilder.Eventing.Subscribe<BeforeStartEvent>((_, _) => CheckCertificate(name, balancing.Policy.Tls));
        return builder.WithAnnotation(balancing);
    }

    /// <summary>Has the gateway write its access log to the file <c>access.log</c> in a folder of the host as well, for a program that follows it.</summary>
    /// <remarks>
    /// Lines arrive up to 0.5 s late, since nginx collects them. Nothing removes what was written: that is for who follows the file, or for who owns the
    /// folder. Where the log is to be rotated, move the file away and send nginx USR1.
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
            ? throw new DistributedApplicationException($"'{builder.Resource.Name}' writes its access log to a file already: call WithAccessLog once.")
            : builder.WithBindMount(folder, AccessLogFolder).WithAnnotation(new NginxAccessLogAnnotation($"{AccessLogFolder}/access.log"));
    }

    /// <summary>Has the gateway tell of its own connections (<c>stub_status</c>, at <see cref="NginxConfiguration.StatusPath"/>), at an endpoint <c>status</c> without a proxy.</summary>
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
            .WithHttpEndpoint(port: port is 0 ? null : port, targetPort: StatusTargetPort, name: NginxResource.StatusEndpointName, isProxied: false)
            .WithEndpoint(NginxResource.StatusEndpointName, endpoint => endpoint.IsExternal = false)
            .WithUrlForEndpoint(NginxResource.StatusEndpointName, url =>
            {
                url.Url = NginxConfiguration.StatusPath;
                url.DisplayText = "Status";
                url.DisplayLocation = UrlDisplayLocation.DetailsOnly;
            });
    }

    // Before anything starts, and not when the model is built: a model may be built where the files are not.
    private static Task CheckCertificate(string name, TlsPolicy tls)
        => tls.Certificate is not null && TlsFiles.TryRead(tls, out var error) is null
            ? throw new DistributedApplicationException($"The load balancing of '{name}' is invalid.{Environment.NewLine}{error}")
            : Task.CompletedTask;

    private static IEnumerable<string> FindErrors(NginxLoadBalancingAnnotation balancing)
    {
        if (balancing.Servers is [])
        {
            yield return "There are no servers: give the endpoint of at least one.";
        }

        foreach (var error in PolicyValidator.Validate(balancing.Policy))
        {
            yield return error;
        }
    }
}
