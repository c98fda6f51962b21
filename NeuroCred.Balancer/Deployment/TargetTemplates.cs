namespace NeuroCred.Balancer.Deployment;

/// <summary>The templates of one platform, with everything that fills them in.</summary>
/// <param name="folder">The platform's folder below <c>NeuroCred.Balancer</c>.</param>
/// <param name="values">The values, already in the files' own language.</param>
internal sealed class TargetTemplates(string folder, IReadOnlyDictionary<string, string> values)
{
    private readonly Dictionary<string, string> _values = new(values) { ["mark"] = GeneratedMark.Text };

    /// <summary>Renders one file.</summary>
    /// <param name="path">Its path below the target's folder, which is the template's path too.</param>
    internal DeploymentFile Render(string path) => new(path, TextTemplate.Read($"{folder}/{path}").Render(_values));
}
