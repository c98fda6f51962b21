using System.Text.RegularExpressions;

namespace NeuroCred.Balancer.Kubernetes;

/// <summary>Names as Kubernetes takes them: RFC 1123, in lower case.</summary>
internal static partial class KubernetesNames
{
    private const int LongestLabel = 63;

    /// <summary>The name of the Job that migrates for an image: a version's own, because a Job cannot be changed.</summary>
    /// <param name="image">The image, with its tag or digest.</param>
    internal static string Migration(string image)
    {
        var version = image.IndexOf(':', image.LastIndexOf('/') + 1) is var colon and > 0 ? image[(colon + 1)..] : "latest";
        var label = Others().Replace($"migrate-{version.ToLowerInvariant()}", "-");
        return label[..Math.Min(label.Length, LongestLabel)].Trim('-');
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Others();
}
