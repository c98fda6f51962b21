namespace Aspire.Hosting.Processes.StandIns;

/// <summary>Names of container images.</summary>
internal static class ImageName
{
    /// <summary>
    /// The name of a Docker official image without registry, namespace, tag and digest
    /// (<c>docker.io/library/redis:8.6</c>: <c>redis</c>). Null for any other image: <c>bitnami/redis</c> has a contract of its own.
    /// </summary>
    public static string? OfficialName(string image)
    {
        var name = image.Split('@')[0];
        var slash = name.LastIndexOf('/');
        var colon = name.IndexOf(':', slash + 1);
        if (colon >= 0)
        {
            name = name[..colon];
        }

        var parts = name.Split('/');
        if (parts.Length > 1 && IsRegistry(parts[0]))
        {
            parts = parts[1..];
        }

        // Mirrors put the official images under a path of their own that ends in "library".
        return parts is [var single] ? single
            : parts is [.., "library", var official] ? official
            : null;
    }

    private static bool IsRegistry(string part) => part.Contains('.') || part.Contains(':') || part == "localhost";
}
