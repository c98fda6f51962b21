using NeuroCred.Balancer.Deployment;

namespace NeuroCred.Tests.Balancer.Deployment;

/// <summary>What targets render, by the files' paths.</summary>
internal static class RenderedFiles
{
    public static Dictionary<string, string> RenderFiles(this IDeploymentTarget target, BalancingPolicy? policy = null) =>
        target.RenderFiles(new DeploymentPlan { Policy = policy ?? new() });

    public static Dictionary<string, string> RenderFiles(this IDeploymentTarget target, DeploymentPlan plan) =>
        target.Render(plan).ToDictionary(file => file.Path, file => file.Content);
}
