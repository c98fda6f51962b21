using NeuroCred.Processes;

namespace NeuroCred.AppHost.Gateway;

/// <summary>A worker of nginx, as Linux shows it.</summary>
/// <param name="Id">The process's id.</param>
/// <param name="IsLeaving">Whether it was told to end, by a reload or a stop, and finishes what it has.</param>
/// <param name="IsStopped">Whether it stands still (SIGSTOP, a debugger).</param>
internal sealed record NginxWorker(int Id, bool IsLeaving = false, bool IsStopped = false);

/// <summary>Finds the processes of nginx by their titles in /proc. Where there is none, nothing is found.</summary>
internal static class NginxWorkers
{
    private const string Worker = "nginx: worker process";
    private const string Leaving = Worker + " is shutting down";

    /// <summary>Finds nginx's master among a process and all that descends from it; null when it has not come up, or has ended.</summary>
    internal static ResourceProcess? FindMaster(int root) =>
        ProcessTree
            .GetDescendants(root)
            .Prepend(root)
            .Where(id => ReadTitle(id).StartsWith("nginx: master process", StringComparison.Ordinal))
            .Select(ResourceProcess.Find)
            .FirstOrDefault(master => master is not null);

    /// <summary>The workers of a master; null when the master itself stands still, and takes no notice of what happens to them.</summary>
    internal static IReadOnlyList<NginxWorker>? Find(int master) =>
        IsStopped(master)
            ? null
            :
            [
                .. from id in ProcessTree.GetChildren([master])
                let title = ReadTitle(id)
                where title.StartsWith(Worker, StringComparison.Ordinal)
                select new NginxWorker(id, title.StartsWith(Leaving, StringComparison.Ordinal), IsStopped(id)),
            ];

    private static string ReadTitle(int id) => LinuxProcess.Read(id, "cmdline");

    private static bool IsStopped(int id) => LinuxProcess.ReadStat(id) is ["T" or "t", ..];
}
