using System.Diagnostics;
using NeuroCred.AppHost.Processes;

namespace NeuroCred.AppHost.Orchestrator;

/// <summary>What is left of a run whose orchestrator has ended.</summary>
internal static class LeftProcesses
{
    // DCP has a process beside each of its own, which ends that when DCP has ended. It looks every few seconds.
    private static readonly TimeSpan s_watchmen = TimeSpan.FromSeconds(8);

    // As long as DCP itself waits after SIGTERM.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(6);

    /// <summary>Ends all that DCP has started in a run: its watchmen may do so first, then SIGTERM, then SIGKILL.</summary>
    internal static async Task EndAsync(string sessionFolder)
    {
        await WaitAsync(() => !Find(sessionFolder).Any(IsWatchman), s_watchmen);
        foreach (var process in Find(sessionFolder))
        {
            UnixSignal.Terminate.SendTo(process.Id);
        }

        await WaitAsync(() => Find(sessionFolder).Count == 0, s_grace);
        foreach (var process in Find(sessionFolder))
        {
            ResourceProcess.Find(process.Id)?.Kill();
        }
    }

    private static IReadOnlyList<LinuxProcess> Find(string sessionFolder)
        => [.. LinuxProcess.GetAll().Where(p => p.Id != Environment.ProcessId && p.HasInEnvironment(sessionFolder))];

    private static bool IsWatchman(LinuxProcess process) => process.Program == "dcp" && process.Arguments.Contains("monitor-process");

    private static async Task WaitAsync(Func<bool> condition, TimeSpan patience)
    {
        for (var waited = Stopwatch.StartNew(); !condition() && waited.Elapsed < patience;)
        {
            await Task.Delay(100);
        }
    }
}
