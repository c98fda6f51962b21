using System.Text.RegularExpressions;

namespace NeuroCred.Balancer.Kubernetes;

/// <summary>Names as Kubernetes takes them: RFC 1123, in lower case.</summary>
internal static partial class KubernetesNames
{
    private const int LongestLabel = 63;
    private const int LongestHostname = 253;

    /// <summary>A route's host name, or null where a route can only be for all of them: nginx's <c>_</c> and its regular expressions.</summary>
    internal static string? Hostname(string serverName)
    {
        var name = serverName.ToLowerInvariant();
        return name.Length <= LongestHostname && HostnamePattern().IsMatch(name) ? name : null;
    }

    /// <summary>The name of the Job that migrates for an image: a version's own, because a Job cannot be changed.</summary>
    /// <param name="image">The image, with its tag or digest.</param>
    internal static string Migration(string image)
    {
        var version = image.LastIndexOf('/') is var slash && image.IndexOf(':', slash + 1) is var colon and > 0 ? image[(colon + 1)..] : "latest";
        var label = Others().Replace($"migrate-{version.ToLowerInvariant()}", "-");
        return label[..Math.Min(label.Length, LongestLabel)].Trim('-');
    }

    [GeneratedRegex(@"\A(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex HostnamePattern();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Others();
}
