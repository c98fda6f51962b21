using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace NeuroCred.Testing.Hosts;

/// <summary>Gives containers volumes that end with the application.</summary>
internal static class ThrowAwayData
{
    public static void Use(IDistributedApplicationBuilder builder)
    {
        var volumes =
            from resource in builder.Resources
            from mount in resource.Annotations.OfType<ContainerMountAnnotation>()
            where mount.Type == ContainerMountType.Volume
            select (resource.Annotations, mount);
        foreach (var (annotations, mount) in volumes.ToArray())
        {
            annotations.Remove(mount);
            annotations.Add(new ContainerMountAnnotation(source: null, mount.Target, ContainerMountType.Volume, mount.IsReadOnly));
        }
    }
}
