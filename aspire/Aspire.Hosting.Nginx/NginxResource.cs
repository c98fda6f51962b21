namespace Aspire.Hosting.ApplicationModel;

/// <summary>An nginx server.</summary>
/// <param name="name">Its name.</param>
public class NginxResource([ResourceName] string name) : ContainerResource(name), IResourceWithServiceDiscovery
{
    internal const string PrimaryEndpointName = "http";

    /// <summary>The endpoint that clients use: plain HTTP, with nothing between them and nginx.</summary>
    public EndpointReference PrimaryEndpoint => field ??= new(this, PrimaryEndpointName);
}
