using System.Text.RegularExpressions;
using NeuroCred.Tests.Snapshots;

namespace NeuroCred.Tests.Documents;

/// <summary>The shell commands of the pages: those that a test runs, and those that none can.</summary>
internal static partial class ShellCommands
{
    /// <summary>Where the commands are listed that no test runs: whole ones, each on one line, so that a new one with a mistake in it is
    /// run. A line with # says why those below it are not.</summary>
    public const string List = "NeuroCred.Tests/Documents/commands-not-run.txt";

    /// <summary>The commands that no test runs.</summary>
    public static IReadOnlySet<string> NotRun { get; } =
        File.ReadLines(Path.Combine(Repository.Folder, List)).Where(line => line.Length > 0 && line[0] != '#').ToHashSet();

    /// <summary>The commands of a block, with the lines that continue them.</summary>
    public static IEnumerable<string> In(FencedBlock block)
    {
        var command = "";
        foreach (var line in block.Text.Split('\n'))
        {
            command += command.Length == 0 ? line : $"\n{line}";
            if (!line.EndsWith('\\'))
            {
                if (command.Trim().Length > 0)
                {
                    yield return command;
                }

                command = "";
            }
        }
    }

    /// <summary>A command on one line, and without the comment behind it.</summary>
    public static string OnOneLine(string command) => Comment().Replace(Continued().Replace(command, " "), "").Trim();

    /// <summary>Whether no test runs a command.</summary>
    public static bool IsNotRun(string command) => NotRun.Contains(OnOneLine(command));

    [GeneratedRegex(@"\s*\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex(@"\s+# .*$")]
    private static partial Regex Comment();
}
