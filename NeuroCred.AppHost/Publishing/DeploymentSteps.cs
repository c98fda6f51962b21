#pragma warning disable ASPIREPIPELINES001 // The steps of aspire publish and aspire deploy have no other interface.
#pragma warning disable ASPIREPIPELINES004 // Nor has the folder that -o names.
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Policy;
using NeuroCred.Settings;

namespace NeuroCred.AppHost.Publishing;

internal static class DeploymentSteps
{
    private const string CheckSettings = "check-settings";

    /// <summary>
    /// Has <c>aspire publish</c> write what <c>render</c> writes, in a step for each platform, and <c>aspire deploy</c> name what deploys
    /// it.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="settings">The settings, of which the section <c>Deployment</c> says what is deployed. They get the errors.</param>
    /// <param name="policy">The balancing policy.</param>
    internal static void AddDeploymentSteps(this IDistributedApplicationBuilder builder, SettingsReader settings, BalancingPolicy policy)
    {
        if (!builder.ExecutionContext.IsPublishMode)
        {
            return;
        }

        var plan = DeploymentPlanReader.Read(settings, policy);
        builder.Pipeline.AddStep(
            CheckSettings,
            _ => settings.Errors is [] ? Task.CompletedTask : throw new DistributedApplicationException(string.Join('\n', settings.Errors))
        );
        foreach (var target in DeploymentTargets.All)
        {
            builder.Pipeline.AddStep(RenderStep(target), step => Render(step, target, plan), dependsOn: CheckSettings);
        }

        builder.Pipeline.AddStep(
            "name-deploy-commands",
            NameCommands,
            dependsOn: DeploymentTargets.All.Select(RenderStep),
            requiredBy: WellKnownPipelineSteps.Publish
        );
        builder.Pipeline.AddStep("refuse-deployment", Refuse, requiredBy: WellKnownPipelineSteps.Deploy);
    }

    private static string RenderStep(IDeploymentTarget target) => $"render-{target.Name}";

    private static Task Render(PipelineStepContext step, IDeploymentTarget target, DeploymentPlan plan)
    {
        var folder = new DeploymentFolder(step.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory());
        foreach (var line in folder.Write(target.Name, target.Render(plan)))
        {
            step.ReportingStep.Log(LogLevel.Information, line);
        }

        return Task.CompletedTask;
    }

    // A step of its own: steps for platforms run at the same time, and the summary takes one line at a time.
    private static Task NameCommands(PipelineStepContext step)
    {
        foreach (var target in DeploymentTargets.All)
        {
            step.Summary.Add(target.Title, Command(target));
        }

        return Task.CompletedTask;
    }

    // Secrets, migrations and state are the business of each platform's own commands: half of a deployment is worse than none.
    private static Task Refuse(PipelineStepContext step)
    {
        foreach (var target in DeploymentTargets.All)
        {
            step.ReportingStep.Log(LogLevel.Information, $"{target.Title}: {Command(target)}");
        }

        throw new DistributedApplicationException(
            "Nothing was deployed: each platform has commands of its own, named above. Write their files with aspire publish first."
        );
    }

    private static string Command(IDeploymentTarget target) => $"{target.DeployedBy} ({target.Page})";
}
