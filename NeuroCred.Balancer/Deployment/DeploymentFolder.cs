namespace NeuroCred.Balancer.Deployment;

/// <summary>The folder that generated files are kept in, one folder per target below it.</summary>
/// <param name="path">The folder.</param>
internal sealed class DeploymentFolder(string path)
{
    private const UnixFileMode Script =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    /// <summary>
    /// Writes a target's files, and removes what was generated for it before and is no more. A file that does not say that it was generated
    /// is never removed.
    /// </summary>
    /// <param name="target">The target's name.</param>
    /// <param name="files">Its files.</param>
    /// <returns>What was done, a line per file, in the order of the paths.</returns>
    internal IReadOnlyList<string> Write(string target, IReadOnlyList<DeploymentFile> files)
    {
        var folder = Path.Combine(path, target);
        // Before anything is written: a file may become a folder, or the other way round.
        var removed = FindGenerated(folder).Except(files.Select(file => file.Path), StringComparer.Ordinal).ToList();
        removed.ForEach(stale => File.Delete(Path.Combine(folder, stale)));
        return
        [
            .. files
                .Select(file =>
                    (file.Path, Line: $"{Write(Path.Combine(folder, file.Path), file.Content)} {Path.Combine(folder, file.Path)}")
                )
                .Concat(removed.Select(stale => (Path: stale, Line: $"removed   {Path.Combine(folder, stale)}")))
                .OrderBy(line => line.Path, StringComparer.Ordinal)
                .Select(line => line.Line),
        ];
    }

    private static string Write(string file, string content)
    {
        if (File.Exists(file) && File.ReadAllText(file) == content)
        {
            return "unchanged";
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        if (content.StartsWith("#!", StringComparison.Ordinal) && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, Script);
        }

        return "wrote    ";
    }

    private static IEnumerable<string> FindGenerated(string folder) =>
        !Directory.Exists(folder)
            ? []
            : Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(GeneratedMark.IsOn)
                .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'));
}
