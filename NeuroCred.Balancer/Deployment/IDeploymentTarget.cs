using NeuroCred.Balancer.Policy;

namespace NeuroCred.Balancer.Deployment;

/// <summary>A platform that the balancing policy is rendered for.</summary>
public interface IDeploymentTarget
{
    /// <summary>What <c>--target</c> calls it, and the name of its folder: lower-case letters.</summary>
    string Name { get; }

    /// <summary>What people call it.</summary>
    string Title { get; }

    /// <summary>The page that says how its files are deployed: <c>docs/deploying/compose.md</c>.</summary>
    string Page { get; }

    /// <summary>What deploys its files when all else is prepared, as the page has it: a command, or what to choose in a
    /// dashboard.</summary>
    string DeployedBy { get; }

    /// <summary>Renders everything the platform needs. The same plan gives the same bytes, and no file holds a secret.</summary>
    /// <param name="plan">What is deployed, and how it is balanced.</param>
    IReadOnlyList<DeploymentFile> Render(DeploymentPlan plan);

    /// <summary>Says of every setting of the policy how the platform expresses it, or what happens instead.</summary>
    /// <param name="policy">The policy, since some settings are expressed only with some values.</param>
    /// <returns>An entry for each of <see cref="PolicyKeys.All"/>.</returns>
    IReadOnlyList<SettingExplanation> Explain(BalancingPolicy policy);
}
