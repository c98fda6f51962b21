using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// The id of the one running instance of a resource. The dashboard joins telemetry to a resource by
/// <c>service.name</c>, a hyphen and <c>service.instance.id</c>, which therefore make up the id.
/// </summary>
internal sealed class ResourceIdAnnotation(string resourceName) : IResourceAnnotation
{
    internal string Suffix { get; } = RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 8);

    internal string Id => $"{resourceName}-{Suffix}";
}

internal static class ResourceIds
{
    /// <summary>The id of the resource's instance; its name when it has no process.</summary>
    internal static string GetId(this IResource resource)
        => resource.Annotations.Snapshot().OfType<ResourceIdAnnotation>().LastOrDefault()?.Id ?? resource.Name;
}
