namespace NeuroCred.Tests.Documents;

/// <summary>The files of the repository, without what builds and tools make.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] s_made = [".git", "artifacts", "bin", "obj", "node_modules", "TestResults"];

    /// <summary>The files with a name like this.</summary>
    public static IEnumerable<string> Find(string pattern, string folder = "") =>
        Find(new DirectoryInfo(Path.Combine(Repository.Folder, folder)), pattern);

    private static IEnumerable<string> Find(DirectoryInfo folder, string pattern) =>
        [
            .. folder.EnumerateFiles(pattern).Select(file => file.FullName),
            .. folder.EnumerateDirectories().Where(inner => !s_made.Contains(inner.Name)).SelectMany(inner => Find(inner, pattern)),
        ];
}
