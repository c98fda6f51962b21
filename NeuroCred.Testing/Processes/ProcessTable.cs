using NeuroCred.Processes;

namespace NeuroCred.Testing.Processes;

/// <summary>A process, told from a later one with the same id by the moment of its start.</summary>
internal sealed record RunningProcess(ResourceProcess Process, string Name, string CommandLine)
{
    public bool IsAlive => ResourceProcess.Find(Process.Id) == Process;
}

/// <summary>Reads from /proc which processes and listeners belong to a run of the AppHost.</summary>
internal static class ProcessTable
{
    /// <summary>The processes that have a marker in their environment, and all that descend from them.</summary>
    public static IReadOnlyList<RunningProcess> Find(string marker)
    {
        var all = LinuxProcess.GetAll();
        var marked = all.Where(p => p.HasInEnvironment(marker)).Select(p => p.Id);
        var found = marked.SelectMany(id => ProcessTree.GetDescendants(id).Prepend(id)).ToHashSet();
        return [.. all.Where(p => found.Contains(p.Id)).Select(Describe).OfType<RunningProcess>()];
    }

    /// <summary>Whether a process has the kernel watch files for it.</summary>
    public static bool WatchesFiles(RunningProcess process) =>
        LinuxProcess.ReadOpenFiles(process.Process.Id).Contains("anon_inode:inotify");

    /// <summary>The sockets that processes listen on.</summary>
    public static IEnumerable<TcpSocket> FindListeners(IEnumerable<RunningProcess> processes)
    {
        var listeners = FindListeners().ToLookup(socket => $"socket:[{socket.Inode}]");
        return processes.SelectMany(p => LinuxProcess.ReadOpenFiles(p.Process.Id)).SelectMany(file => listeners[file]).Distinct();
    }

    /// <summary>The sockets that anyone listens on.</summary>
    public static IEnumerable<TcpSocket> FindListeners() => TcpSocket.GetAll().Where(socket => socket.Listens);

    private static RunningProcess? Describe(LinuxProcess process) =>
        ResourceProcess.Find(process.Id) is { } found && process.ReadName() is { Length: > 0 } name
            ? new(found, name, string.Join(' ', process.Arguments))
            : null;
}
