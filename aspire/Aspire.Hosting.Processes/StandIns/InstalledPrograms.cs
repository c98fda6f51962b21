namespace Aspire.Hosting.Processes.StandIns;

/// <summary>Programs of this machine.</summary>
internal static class InstalledPrograms
{
    // An ordinary user's PATH does not name the folders where Debian keeps servers.
    private static readonly string[] s_systemFolders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>Where programs are looked for, in order.</summary>
    public static string SearchPath { get; } =
        string.Join(
            ':',
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Union(s_systemFolders)
        );

    /// <summary>The absolute path of a program, or null.</summary>
    public static string? Find(string name) => SearchPath.Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(IsProgram);

    /// <summary>The absolute path of a program that <see cref="IStandIn.FindMissing"/> has looked for.</summary>
    public static string Get(string name) => Find(name) ?? throw new InvalidOperationException($"{name} is missing: install it.");

    /// <summary>A sentence for every program that is missing.</summary>
    /// <param name="programs">Names of programs, each with the Debian package that brings it.</param>
    public static IReadOnlyList<string> FindMissing(params ReadOnlySpan<(string Program, string Package)> programs)
    {
        List<string> missing = [];
        foreach (var (program, package) in programs)
        {
            if (Find(program) is null)
            {
                missing.Add($"{program} is missing: install the package {package} (Debian, Ubuntu).");
            }
        }

        return missing;
    }

    /// <summary>Whether the path is a file that somebody may execute.</summary>
    public static bool IsProgram(string path) =>
        File.Exists(path)
        && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
