using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>A process, told from a later one with the same id by the moment of its start.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="StartTicks">When it started, in clock ticks since boot.</param>
/// <param name="Name">Its program.</param>
internal sealed record RunningProcess(int Pid, long StartTicks, string Name);

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
        var all = Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? ReadStat(pid) : null)
            .OfType<(RunningProcess Process, int Parent)>()
            .ToDictionary(p => p.Process.Pid);
        return [.. all.Values.Select(p => p.Process).Where(p => Belongs(p.Pid))];

        bool Belongs(int pid) => HasMarker(pid, marker) || (all.TryGetValue(pid, out var p) && p.Parent > 1 && Belongs(p.Parent));
    }

    /// <summary>What a process was started with.</summary>
    public static string GetCommandLine(RunningProcess process) => File.ReadAllText($"/proc/{process.Pid}/cmdline").Replace('\0', ' ');

    /// <summary>Kills a process, and nothing else.</summary>
    public static void Kill(RunningProcess process)
    {
        using var victim = Process.GetProcessById(process.Pid);
        victim.Kill();
    }

    /// <summary>Whether a process has the kernel watch files for it.</summary>
    public static bool WatchesFiles(RunningProcess process) => ReadDescriptors(process.Pid).Contains("anon_inode:inotify");

    /// <summary>Whether a process is still there.</summary>
    public static bool IsAlive(RunningProcess process) => ReadStat(process.Pid)?.Process.StartTicks == process.StartTicks;

    /// <summary>The sockets that processes listen on.</summary>
    public static IEnumerable<ListeningSocket> FindListeners(IEnumerable<RunningProcess> processes)
    {
        var listeners = FindListeners().ToLookup(l => l.Inode);
        return processes.SelectMany(p => ReadSockets(p.Pid)).SelectMany(inode => listeners[inode]).Distinct();
    }

    /// <summary>The sockets that anyone listens on.</summary>
    public static IEnumerable<ListeningSocket> FindListeners()
        => s_tables.Where(File.Exists).SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && fields[3] == "0A")
            .Select(fields => new ListeningSocket(fields[9], int.Parse(fields[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)));

    private static (RunningProcess Process, int Parent)? ReadStat(int pid)
    {
        try
        {
            // pid (name) state ppid ... the 22nd field is the start; a name may hold spaces and parentheses.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var name = stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..stat.LastIndexOf(')')];
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z"
                ? null
                : (new(pid, long.Parse(fields[19], CultureInfo.InvariantCulture), name), int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool HasMarker(int pid, string marker)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ").Contains(marker, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static IEnumerable<string> ReadSockets(int pid)
        => ReadDescriptors(pid).Select(t => SocketLink().Match(t)).Where(m => m.Success).Select(m => m.Groups[1].Value);

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
