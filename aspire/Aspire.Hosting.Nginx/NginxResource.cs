namespace Aspire.Hosting.ApplicationModel;

/// <summary>An nginx gateway.</summary>
/// <param name="name">Its name.</param>
public class NginxResource([ResourceName] string name) : ContainerResource(name), IResourceWithServiceDiscovery
{
    internal const string PrimaryEndpointName = "http";
    internal const string HttpsEndpointName = "https";

    /// <summary>The endpoint for plain HTTP, with nothing between clients and nginx.</summary>
    public EndpointReference PrimaryEndpoint => field ??= new(this, PrimaryEndpointName);

    /// <summary>The endpoint for HTTPS. It exists (<see cref="EndpointReference.Exists"/>) after <see cref="NginxResourceBuilderExtensions.WithHttps"/>.</summary>
    public EndpointReference HttpsEndpoint => field ??= new(this, HttpsEndpointName);

    /// <summary>Made when first needed, and kept: clients that learnt it still know the gateway after a restart of it.</summary>
    internal Lazy<Nginx.TlsFiles> DevelopmentCertificate { get; } = new(() => Nginx.DevelopmentCertificate.Create(TimeProvider.System.GetUtcNow()));
}
