using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dashboard;

/// <summary>The properties of a resource as the dashboard takes them: what the resource says of itself, and what its state says.</summary>
internal static class ResourceMessageProperties
{
    internal static IEnumerable<Wire.ResourceProperty> Create(ResourceEvent change)
    {
        var snapshot = change.Snapshot;
        ResourcePropertySnapshot[] stated =
        [
            .. snapshot.ExitCode is { } code ? [new(KnownProperties.ExitCode, code)] : Array.Empty<ResourcePropertySnapshot>(),
        ];
        return snapshot.Properties.Where(p => stated.All(s => s.Name != p.Name)).Concat(stated)
            .Select(p => new Wire.ResourceProperty { Name = p.Name, Value = WireValues.ToWire(p.Value), IsSensitive = p.IsSensitive });
    }
}
