namespace NeuroCred.Tests.Snapshots;

/// <summary>Where the repository is that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>Its folder. Not by the source path that the compiler knows: a deterministic build maps it to another.</summary>
    public static string Folder { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "NeuroCred.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"The repository was not found: there is no NeuroCred.sln above {AppContext.BaseDirectory}.");
    }
}
