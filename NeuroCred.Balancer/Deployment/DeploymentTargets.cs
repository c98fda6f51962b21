using NeuroCred.Balancer.Compose;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Swarm;

namespace NeuroCred.Balancer.Deployment;

/// <summary>The platforms that the policy is rendered for.</summary>
public static class DeploymentTargets
{
    /// <summary>All of them, in the order in which they are rendered and explained.</summary>
    public static IReadOnlyList<IDeploymentTarget> All { get; } =
    [
        new NginxTarget(),
        new ComposeTarget(),
        new SwarmTarget(),
    ];
}
