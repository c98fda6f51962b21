using Aspire.Hosting.StandIns;

namespace Aspire.Hosting.Orchestration;

/// <summary>Works out why a process could not be started, of which the orchestrator says no more than that.</summary>
internal static class LaunchProblem
{
    internal static string Describe(ProcessLaunch process)
    {
        var command = process.Command;
        var isPath = command.Contains('/', StringComparison.Ordinal);
        var program = isPath ? Path.GetFullPath(command, process.WorkingDirectory) : FindOnPath(command);
        return 0 switch
        {
            _ when !Directory.Exists(process.WorkingDirectory) => $"its working directory '{process.WorkingDirectory}' does not exist.",
            _ when program is null => $"there is no program '{command}' on PATH.",
            _ when !File.Exists(program) => $"there is no program '{program}'.",
            _ when !IsExecutable(program) => $"'{program}' is not executable.",
            _ => $"the orchestrator could not run '{program}'.",
        };
    }

    private static string? FindOnPath(string command)
        => (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, command))
            .FirstOrDefault(File.Exists);

    private static bool IsExecutable(string program)
        => (File.GetUnixFileMode(program) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
