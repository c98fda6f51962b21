namespace NeuroCred.Benchmarks.Contestants;

/// <summary>Finds programs of the machine.</summary>
internal static class InstalledProgram
{
    /// <summary>The path of a program. Debian keeps servers where not everyone's PATH looks.</summary>
    /// <exception cref="FileNotFoundException">It is not installed.</exception>
    public static string Find(string name)
        => TryFind(name) ?? throw new FileNotFoundException($"'{name}' is not installed. Run ./setup.sh --benchmarks, which installs it.");

    /// <summary>The path of a program, or null.</summary>
    public static string? TryFind(string name)
        => $"{Environment.GetEnvironmentVariable("PATH")}:/usr/local/sbin:/usr/sbin:/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
