using NeuroCred.Balancer.Alb;
using NeuroCred.Balancer.Compose;
using NeuroCred.Balancer.Kubernetes;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Railway;
using NeuroCred.Balancer.Render;
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
        new KubernetesTarget(),
        new AlbTarget(),
        new RenderTarget(),
        new RailwayTarget(),
    ];
}
