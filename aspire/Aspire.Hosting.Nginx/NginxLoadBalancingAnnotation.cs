namespace Aspire.Hosting.ApplicationModel;

/// <summary>What an nginx server balances.</summary>
/// <param name="Servers">The endpoints of the servers, at least one.</param>
/// <param name="Options">Valid options.</param>
internal sealed record NginxLoadBalancingAnnotation(IReadOnlyList<EndpointReference> Servers, NginxLoadBalancingOptions Options) : IResourceAnnotation;
