using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Names volumes so that two applications never share one by accident.</summary>
public static class VolumeNameGenerator
{
    /// <summary>Makes a name from the application, its place, the resource and a suffix.</summary>
    public static string Generate<T>(IResourceBuilder<T> builder, string suffix) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        var application = builder.ApplicationBuilder;
        var place = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(application.AppHostDirectory)))[..10];
        return $"{application.Environment.ApplicationName.ToLowerInvariant()}-{place}-{builder.Resource.Name}-{suffix}";
    }
}
