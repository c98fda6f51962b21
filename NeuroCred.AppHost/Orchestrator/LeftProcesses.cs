using System.Diagnostics;
using NeuroCred.Processes;

namespace NeuroCred.AppHost.Orchestrator;

/// <summary>What is left of a run whose orchestrator has ended.</summary>
internal static class LeftProcesses
{
    private const string Variable = "NEUROCRED_RUN";

    // DCP has a process beside each process and container of its own, which ends that when DCP has ended. It looks every few seconds, and
    // an engine takes its time.
    private static readonly TimeSpan s_monitors = TimeSpan.FromSeconds(20);

    // As long as DCP itself waits after SIGTERM.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(6);

    private static readonly string s_mark = $"{Variable}={Guid.NewGuid():N}";

    /// <summary>Has everything that is started from now on inherit a mark of this run.</summary>
    internal static void Mark() => Environment.SetEnvironmentVariable(Variable, s_mark[(Variable.Length + 1)..]);

    /// <summary>Ends all that bears the mark, except this process: DCP's monitor processes may do so first, then SIGTERM, then
    /// SIGKILL.</summary>
    internal static async Task EndAsync()
    {
        await WaitAsync(() => !FindMarked().Any(IsMonitor), s_monitors);
        foreach (var root in FindRoots())
        {
            root.Terminate();
        }

        await WaitAsync(() => !FindMarked().Any(), s_grace);
        foreach (var process in FindMarked().Select(p => ResourceProcess.Find(p.Id)).OfType<ResourceProcess>())
        {
            process.Kill();
        }
    }

    // Only these are asked to end, and pass it on in their own way: SIGTERM to Postgres itself would have it wait for its clients.
    private static IEnumerable<ResourceProcess> FindRoots()
    {
        var left = FindMarked().ToArray();
        var children = left.SelectMany(p => ProcessTree.GetDescendants(p.Id)).ToHashSet();
        return left.Where(p => !children.Contains(p.Id) && !IsMonitor(p)).Select(p => ResourceProcess.Find(p.Id)).OfType<ResourceProcess>();
    }

    private static IEnumerable<LinuxProcess> FindMarked() =>
        LinuxProcess.GetAll().Where(p => p.Id != Environment.ProcessId && p.HasInEnvironment(s_mark));

    private static bool IsMonitor(LinuxProcess process) =>
        process.Program == "dcp" && process.Arguments is [_, "monitor-process" or "monitor-container", ..];

    private static async Task WaitAsync(Func<bool> condition, TimeSpan timeout)
    {
        for (var waited = Stopwatch.StartNew(); !condition() && waited.Elapsed < timeout; )
        {
            await Task.Delay(100);
        }
    }
}
