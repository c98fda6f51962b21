using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace NeuroCred.Testing.Hosts;

/// <summary>Gives containers volumes that end with the application.</summary>
internal static class ThrowAwayData
{
    public static void Use(IDistributedApplicationBuilder builder)
    {
        foreach (var resource in builder.Resources)
        {
            foreach (
                var mount in resource
                    .Annotations.OfType<ContainerMountAnnotation>()
                    .Where(m => m.Type == ContainerMountType.Volume)
                    .ToArray()
            )
            {
                resource.Annotations.Remove(mount);
                resource.Annotations.Add(
                    new ContainerMountAnnotation(source: null, mount.Target, ContainerMountType.Volume, mount.IsReadOnly)
                );
            }
        }
    }
}
