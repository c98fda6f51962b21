namespace Aspire.Hosting;

internal static class NginxContainerImageTags
{
    internal const string Registry = "docker.io";

    internal const string Image = "library/nginx";

    /// <summary>The stable line.</summary>
    internal const string Tag = "1.30";
}
