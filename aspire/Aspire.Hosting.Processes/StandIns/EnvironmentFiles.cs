namespace Aspire.Hosting.Processes.StandIns;

/// <summary>The convention of official images that <c>NAME_FILE</c> names a file that holds the value of <c>NAME</c>.</summary>
internal static class EnvironmentFiles
{
    /// <summary>The environment with the values of these variables read from their files.</summary>
    public static Dictionary<string, string> Resolve(
        IReadOnlyDictionary<string, string> environment,
        ContainerPaths paths,
        params ReadOnlySpan<string> names
    )
    {
        Dictionary<string, string> resolved = new(environment);
        foreach (var name in names)
        {
            if (!resolved.Remove(name + "_FILE", out var file) || file.Length == 0)
            {
                continue;
            }

            if (resolved.ContainsKey(name))
            {
                throw new InvalidOperationException($"Both {name} and {name}_FILE are set: set only one of them.");
            }

            var place = paths.Find(file) ?? file;
            resolved[name] = File.Exists(place)
                ? File.ReadAllText(place).TrimEnd('\n')
                : throw new InvalidOperationException($"{name}_FILE names {file}, which is not a file of the container. Mount it.");
        }

        return resolved;
    }
}
