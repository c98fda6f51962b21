using System.Reflection;

namespace NeuroCred.Balancer.Deployment;

/// <summary>The templates of a platform: all that lies in the folder <c>Templates</c> of its own.</summary>
internal static class TargetTemplates
{
    /// <summary>Renders each of them to a file of the same path.</summary>
    /// <param name="target">The platform's folder below <c>NeuroCred.Balancer</c>.</param>
    /// <param name="values">The values, already in the files' own language.</param>
    /// <returns>The files, in the order of their paths.</returns>
    internal static IEnumerable<DeploymentFile> Render(string target, IReadOnlyDictionary<string, string> values)
    {
        var folder = $"{target}/Templates/";
        var marked = new Dictionary<string, string>(values) { ["mark"] = GeneratedMark.Text };
        return Assembly
            .GetExecutingAssembly()
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => new DeploymentFile(name[folder.Length..], TextTemplate.Read(name).Render(marked)));
    }
}
