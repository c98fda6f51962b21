using NeuroCred.Balancer.Policy;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What an nginx gateway balances.</summary>
/// <param name="Servers">The endpoints of the servers, at least one.</param>
/// <param name="Policy">A valid policy.</param>
internal sealed record NginxLoadBalancingAnnotation(IReadOnlyList<EndpointReference> Servers, BalancingPolicy Policy) : IResourceAnnotation;
