using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.StandIns;

namespace Aspire.Hosting.Orchestration;

/// <summary>Finds out what this machine lacks before anything is started.</summary>
internal static class Prerequisites
{
    /// <summary>Checks for everything the model needs.</summary>
    /// <returns>The orchestrator and the dashboard.</returns>
    /// <exception cref="DistributedApplicationException">Something is missing; all of it is named.</exception>
    internal static AspireBundle Check(DistributedApplicationModel model)
    {
        var runtime = Environment.GetEnvironmentVariable("NEUROCRED_RUNTIME");
        if (runtime is not (null or "" or "processes"))
        {
            throw new DistributedApplicationException(
                $"NEUROCRED_RUNTIME is '{runtime}', which the local build of the hosting API cannot do: unset it, or set it to 'processes'.");
        }

        var bundle = AspireBundle.Find();
        string[] missing =
        [
            .. bundle is null ? ["The Aspire orchestrator and dashboard are missing: they come with the Aspire CLI, under ~/.aspire/bundle."] : Array.Empty<string>(),
            .. model.Resources.OfType<ContainerResource>().Select(c => c.FindStandIn()).OfType<IStandIn>().Distinct().SelectMany(s => s.FindMissing()),
        ];
        return missing.Length == 0 ? bundle! : throw new DistributedApplicationException(string.Join(
            Environment.NewLine,
            ["This machine is not set up yet:", .. missing.Select(m => $"  - {m}"), "Run ./setup.sh in the repository's folder; it installs what is missing."]));
    }
}
