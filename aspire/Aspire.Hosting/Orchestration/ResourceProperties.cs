using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>What the dashboard shows of how a resource was started.</summary>
internal static class ResourceProperties
{
    internal static CustomResourceSnapshot AddLaunch(CustomResourceSnapshot snapshot, IResource resource, LaunchPlan plan)
    {
        var arguments = new ResourcePropertySnapshot(KnownProperties.ExecutableArgs, plan.Arguments.Select(a => a.Value).ToArray())
        {
            IsSensitive = plan.Arguments.Any(a => a.IsSensitive),
        };
        ResourcePropertySnapshot[] properties = resource switch
        {
            ProjectResource project =>
            [
                new(KnownProperties.ProjectPath, project.GetProjectMetadata().ProjectPath),
                new(KnownProperties.ExecutablePath, plan.Process.Command),
                new(KnownProperties.ExecutableWorkDir, plan.Process.WorkingDirectory),
                arguments,
            ],
            ContainerResource when resource.TryGetLastAnnotation<ContainerImageAnnotation>(out var image) =>
            [
                new(KnownProperties.ContainerImage, $"{(image.Registry is null ? "" : image.Registry + "/")}{image.Image}:{image.Tag}"),
                new(KnownProperties.ContainerPorts, resource.Annotations.Snapshot().OfType<EndpointAnnotation>().Select(e => e.TargetPort ?? e.AllocatedEndpoint!.Port).Select(p => p.ToString(CultureInfo.InvariantCulture)).ToArray()),
            ],
            _ =>
            [
                new(KnownProperties.ExecutablePath, plan.Process.Command),
                new(KnownProperties.ExecutableWorkDir, plan.Process.WorkingDirectory),
                arguments,
            ],
        };
        return snapshot with
        {
            Properties = [.. snapshot.Properties.Where(p => properties.All(n => n.Name != p.Name)), .. properties],
            EnvironmentVariables = [.. plan.Environment.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => new EnvironmentVariableSnapshot(v.Key, v.Value, IsFromSpec: true))],
            Volumes = [.. resource.Annotations.Snapshot().OfType<ContainerMountAnnotation>().Select(m => new VolumeSnapshot(m.Source, m.Target, m.Type == ContainerMountType.BindMount ? "bind" : "volume", m.IsReadOnly))],
        };
    }
}
