using System.Diagnostics;
using NeuroCred.AppHost.Processes;

namespace NeuroCred.AppHost.Orchestrator;

/// <summary>What is left of a run whose orchestrator has ended.</summary>
internal static class LeftProcesses
{
    private const string Variable = "NEUROCRED_RUN";

    // As long as DCP itself waits after SIGTERM.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(6);

    private static readonly string s_mark = $"{Variable}={Guid.NewGuid():N}";

    /// <summary>Has everything that is started from now on inherit a mark of this run.</summary>
    internal static void Mark() => Environment.SetEnvironmentVariable(Variable, s_mark[(Variable.Length + 1)..]);

    /// <summary>Ends all that bears the mark, except this process: SIGTERM, then SIGKILL.</summary>
    internal static async Task EndAsync()
    {
        foreach (var root in FindRoots())
        {
            root.Terminate();
        }

        for (var waited = Stopwatch.StartNew(); Find().Any() && waited.Elapsed < s_grace;)
        {
            await Task.Delay(100);
        }

        foreach (var process in Find())
        {
            process.Kill();
        }
    }

    // Only these are asked to end, and pass it on in their own way: SIGTERM to Postgres itself would have it wait for its clients. Not the processes that DCP has
    // beside each of its own: each ends what it watches when DCP has ended, and then itself.
    private static IEnumerable<ResourceProcess> FindRoots()
    {
        var left = FindMarked().ToArray();
        var children = left.SelectMany(p => ProcessTree.GetDescendants(p.Id)).ToHashSet();
        return left.Where(p => !children.Contains(p.Id) && !p.Arguments.Contains("monitor-process")).Select(p => ResourceProcess.Find(p.Id)).OfType<ResourceProcess>();
    }

    private static IEnumerable<ResourceProcess> Find() => FindMarked().Select(p => ResourceProcess.Find(p.Id)).OfType<ResourceProcess>();

    private static IEnumerable<LinuxProcess> FindMarked()
        => LinuxProcess.GetAll().Where(p => p.Id != Environment.ProcessId && p.HasInEnvironment(s_mark));
}
