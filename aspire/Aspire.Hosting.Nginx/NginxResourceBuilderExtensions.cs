using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Nginx.Configuration;

namespace Aspire.Hosting;

/// <summary>Adds and configures nginx servers.</summary>
public static class NginxResourceBuilderExtensions
{
    // The port inside the container, where nothing else listens. Above 1024, it also suits the unprivileged image.
    private const int TargetPort = 8080;

    /// <summary>Adds an nginx server. What it serves is said by <see cref="WithLoadBalancing"/>.</summary>
    /// <remarks>
    /// Its endpoint <c>http</c> is proxyless: clients are connected to nginx itself. It is healthy while nginx serves, even
    /// when no server behind it does. Its configuration is written when it starts.
    /// </remarks>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="port">The port that clients use; any free one when null or 0.</param>
    /// <returns>The server.</returns>
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
            .WithHttpEndpoint(port: port is 0 ? null : port, targetPort: TargetPort, name: NginxResource.PrimaryEndpointName, isProxied: false)
            .WithHttpHealthCheck(NginxConfiguration.HealthPath, endpointName: NginxResource.PrimaryEndpointName)
            .WithContainerFiles("/etc/nginx", (_, cancellationToken) => NginxContainerFiles.RenderAsync(nginx, cancellationToken));
    }

    /// <summary>Spreads requests over servers that all answer the same.</summary>
    /// <remarks>
    /// nginx waits for none of them: it serves, with 503, while there is no server. The endpoints should be proxyless. Behind a
    /// proxy of the orchestrator all servers of a resource look like one, which nginx then never takes for failed.
    /// </remarks>
    /// <param name="builder">The nginx server.</param>
    /// <param name="servers">The HTTP endpoints of the servers, at least one.</param>
    /// <param name="options">How requests are spread and sent again; the defaults when null.</param>
    /// <returns>The nginx server.</returns>
    /// <exception cref="DistributedApplicationException">
    /// There are no servers, some options are invalid (all of them are named), or the nginx server has servers already.
    /// </exception>
    /// <example>
    /// <code lang="csharp">
    /// builder.AddNginx("gateway")
    ///     .WithLoadBalancing(replicas.Select(r => r.GetEndpoint("http")), new() { ServerName = "api.example.com" });
    /// </code>
    /// </example>
    public static IResourceBuilder<NginxResource> WithLoadBalancing(
        this IResourceBuilder<NginxResource> builder, IEnumerable<EndpointReference> servers, NginxLoadBalancingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(servers);
        var name = builder.Resource.Name;
        if (builder.Resource.HasAnnotationOfType<NginxLoadBalancingAnnotation>())
        {
            throw new DistributedApplicationException($"'{name}' has servers already: call WithLoadBalancing once, with all of them.");
        }

        var balancing = new NginxLoadBalancingAnnotation([.. servers], options ?? new());
        List<string> errors =
        [
            .. balancing.Servers is [] ? ["There are no servers: give the endpoint of at least one."] : (string[])[],
            .. NginxLoadBalancingValidator.Validate(balancing.Options),
        ];
        if (errors is not [])
        {
            throw new DistributedApplicationException(string.Join(Environment.NewLine, [$"The load balancing of '{name}' is invalid.", .. errors]));
        }

        foreach (var server in balancing.Servers.Select(s => s.Resource).Distinct())
        {
            builder.WithReferenceRelationship(server);
        }

        return builder.WithAnnotation(balancing);
    }
}
