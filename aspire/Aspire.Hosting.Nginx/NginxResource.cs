namespace Aspire.Hosting.ApplicationModel;

/// <summary>An nginx gateway.</summary>
/// <param name="name">Its name.</param>
public class NginxResource([ResourceName] string name) : ContainerResource(name), IResourceWithServiceDiscovery
{
    /// <summary>What nginx answers itself, with 200, so that its health is its own and not that of the servers.</summary>
    public const string HealthPath = "/nginx-health";

    /// <summary>What it answers at <see cref="StatusEndpoint"/>: the numbers of <c>stub_status</c>.</summary>
    public const string StatusPath = "/nginx-status";

    internal const string PrimaryEndpointName = "http";
    internal const string HttpsEndpointName = "https";
    internal const string StatusEndpointName = "status";

    /// <summary>The endpoint for plain HTTP, with nothing between clients and nginx.</summary>
    public EndpointReference PrimaryEndpoint => field ??= new(this, PrimaryEndpointName);

    /// <summary>The endpoint for HTTPS. It exists (<see cref="EndpointReference.Exists"/>) after
    /// <see cref="NginxResourceBuilderExtensions.WithHttps"/>.</summary>
    public EndpointReference HttpsEndpoint => field ??= new(this, HttpsEndpointName);

    /// <summary>
    /// The endpoint that answers <see cref="StatusPath"/>, for those inside. It exists (<see cref="EndpointReference.Exists"/>) after
    /// <see cref="NginxResourceBuilderExtensions.WithStatus"/>.
    /// </summary>
    public EndpointReference StatusEndpoint => field ??= new(this, StatusEndpointName);

    /// <summary>Made when first needed, and kept: clients that learnt it still know the gateway after a restart of it.</summary>
    internal Lazy<Nginx.TlsFiles> DevelopmentCertificate { get; } =
        new(() => Nginx.DevelopmentCertificate.Create(TimeProvider.System.GetUtcNow()));
}
