using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.Processes.StandIns.Postgres;

/// <summary>A PostgreSQL server of this machine.</summary>
/// <param name="Major">Its major version.</param>
/// <param name="Programs">The folder of its programs.</param>
internal sealed partial record PostgresInstallation(int Major, string Programs)
{
    /// <summary>The oldest version that can stand in.</summary>
    public const int OldestMajor = 13;

    /// <summary>All that are new enough, the newest first: Debian's, and the one in the PATH.</summary>
    public static IReadOnlyList<PostgresInstallation> FindAll() =>
        [
            .. Debian()
                .Concat(InPath())
                .Where(found => found.Major >= OldestMajor)
                .DistinctBy(found => found.Major)
                .OrderByDescending(found => found.Major),
        ];

    private static IEnumerable<PostgresInstallation> Debian(string root = "/usr/lib/postgresql") =>
        Directory.Exists(root)
            ? from folder in Directory.EnumerateDirectories(root)
            let programs = Path.Combine(folder, "bin")
            where IsComplete(programs)
            where int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            select new PostgresInstallation(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), programs)
            : [];

    private static IEnumerable<PostgresInstallation> InPath()
    {
        if (InstalledPrograms.Find("postgres") is not { } link)
        {
            yield break;
        }

        var program = File.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName ?? link;
        if (IsComplete(Path.GetDirectoryName(program)!) && ReadMajor(program) is { } major)
        {
            yield return new PostgresInstallation(major, Path.GetDirectoryName(program)!);
        }
    }

    private static bool IsComplete(string programs) =>
        ((string[])["postgres", "initdb", "psql", "pg_isready"]).All(name => InstalledPrograms.IsProgram(Path.Combine(programs, name)));

    private static int? ReadMajor(string program)
    {
        using var process = Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true })!;
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Version().Match(answer) is { Success: true } match ? int.Parse(match.ValueSpan, CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex(@"(?<=\s)\d+")]
    private static partial Regex Version();
}
