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

    /// <summary>Whether a command is run, or read, by a test of its own alone: on a container engine, for a platform, or for a database. Those
    /// of dotnet need nothing of it.</summary>
    public static bool HasOwnTest(MarkdownPage page, string command) =>
        !command.StartsWith("dotnet ", StringComparison.Ordinal)
        && (
            NeedsCompose(page, command)
            || NeedsSwarm(page, command)
            || IsForRegistry(command)
            || IsForPlatform(command)
            || IsForOwner(command)
        );

    /// <summary>Whether a command is one for <c>deploy/compose</c>.</summary>
    public static bool NeedsCompose(MarkdownPage page, string command) => page.Path == "docs/deploying/compose.md" || IsForCompose(command);

    /// <summary>Whether a command is one for <c>deploy/swarm</c>.</summary>
    public static bool NeedsSwarm(MarkdownPage page, string command) => page.Path == "docs/deploying/swarm.md" || IsForSwarm(command);

    /// <summary>Whether a command on any page is one of Compose.</summary>
    public static bool IsForCompose(string command) => command.Contains("docker compose ", StringComparison.Ordinal);

    /// <summary>Whether a command on any page is one for the stack that <c>deploy/swarm</c> starts.</summary>
    public static bool IsForSwarm(string command) => ForSwarm().IsMatch(command);

    /// <summary>Whether a command is one for a registry of images.</summary>
    public static bool IsForRegistry(string command) => command.Contains("registry.example.org", StringComparison.Ordinal);

    /// <summary>Whether a command wants the address of a Postgres that the reader has.</summary>
    public static bool IsForOwner(string command) => command.Contains("_URL", StringComparison.Ordinal);

    /// <summary>Whether a command calls a Kubernetes cluster or AWS. What Terraform prints is not known without an account.</summary>
    public static bool IsForPlatform(string command) =>
        ForPlatform().IsMatch(command) && !command.Contains("terraform", StringComparison.Ordinal);

    [GeneratedRegex(@"\s*\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex("docker .*(neurocred_|[$]postgres)")]
    private static partial Regex ForSwarm();

    [GeneratedRegex(@"(?<![\w-])(kubectl|aws) ")]
    private static partial Regex ForPlatform();

    [GeneratedRegex(@"\s+# .*$")]
    private static partial Regex Comment();
}
