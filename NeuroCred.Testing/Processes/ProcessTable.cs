using System.Globalization;
using System.Text.RegularExpressions;
using NeuroCred.Processes;

namespace NeuroCred.Testing.Processes;

/// <summary>A process, told from a later one with the same id by the moment of its start.</summary>
/// <param name="Process">Its id and its start.</param>
/// <param name="Name">Its program.</param>
/// <param name="CommandLine">What it was started with.</param>
internal sealed record RunningProcess(ResourceProcess Process, string Name, string CommandLine)
{
    /// <summary>Whether it is still there.</summary>
    public bool IsAlive => ResourceProcess.Find(Process.Id) == Process;
}

/// <summary>A socket that listens.</summary>
/// <param name="Inode">What tells it from a later one on the same port.</param>
/// <param name="Port">Its TCP port.</param>
internal sealed record ListeningSocket(string Inode, int Port);

/// <summary>Reads from /proc which processes and listeners belong to a run of the AppHost.</summary>
internal static partial class ProcessTable
{
    private static readonly string[] s_tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>The processes that have a marker in their environment, and all that descend from them.</summary>
    public static IReadOnlyList<RunningProcess> Find(string marker)
    {
        var all = LinuxProcess.GetAll();
        var marked = all.Where(p => p.HasInEnvironment(marker)).Select(p => p.Id);
        var found = marked.SelectMany(id => ProcessTree.GetDescendants(id).Prepend(id)).ToHashSet();
        return [.. all.Where(p => found.Contains(p.Id)).Select(Describe).OfType<RunningProcess>()];
    }

    /// <summary>Whether a process has the kernel watch files for it.</summary>
    public static bool WatchesFiles(RunningProcess process) => ReadDescriptors(process.Process.Id).Contains("anon_inode:inotify");

    /// <summary>The sockets that processes listen on.</summary>
    public static IEnumerable<ListeningSocket> FindListeners(IEnumerable<RunningProcess> processes)
    {
        var listeners = FindListeners().ToLookup(l => l.Inode);
        return processes.SelectMany(p => ReadSockets(p.Process.Id)).SelectMany(inode => listeners[inode]).Distinct();
    }

    /// <summary>The sockets that anyone listens on.</summary>
    public static IEnumerable<ListeningSocket> FindListeners() =>
        s_tables
            .Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && fields[3] == "0A")
            .Select(fields => new ListeningSocket(fields[9], int.Parse(fields[1].Split(':')[1], NumberStyles.HexNumber)));

    private static RunningProcess? Describe(LinuxProcess process) =>
        ResourceProcess.Find(process.Id) is { } found && process.ReadName() is { Length: > 0 } name
            ? new(found, name, string.Join(' ', process.Arguments))
            : null;

    private static IEnumerable<string> ReadSockets(int pid) =>
        ReadDescriptors(pid).Select(t => SocketLink().Match(t)).Where(m => m.Success).Select(m => m.Groups[1].Value);

    private static IReadOnlyList<string> ReadDescriptors(int pid)
    {
        try
        {
            return [.. Directory.EnumerateFiles($"/proc/{pid}/fd").Select(f => new FileInfo(f).LinkTarget ?? "")];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [GeneratedRegex(@"^socket:\[(\d+)\]$")]
    private static partial Regex SocketLink();
}
