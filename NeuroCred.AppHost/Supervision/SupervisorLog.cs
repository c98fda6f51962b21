using Microsoft.Extensions.Logging;
using NeuroCred.Processes;

namespace NeuroCred.AppHost.Supervision;

/// <summary>Writes each decision of the supervisor to the resource's log and to the AppHost's console.</summary>
internal sealed partial class SupervisorLog(string resource, ILogger resourceLog, ILogger console)
{
    internal void Ended(string end, Restart restart) => Tell(l => Ended(l, LevelOf(restart), resource, end, Describe(restart)));

    internal void NotStarted(string? reason, Restart restart) =>
        Tell(l => NotStarted(l, LevelOf(restart), resource, reason, Describe(restart)));

    /// <summary>Only in the resource's log: it is no news.</summary>
    internal void Answers(RunningInstance instance) => Answers(resourceLog, resource, instance.Id);

    internal void Hangs(string reason, RunningInstance instance) => Tell(l => Hangs(l, resource, reason, instance.Kind, instance.Id));

    internal void NotKilled(RunningInstance instance) => Tell(l => NotKilled(l, resource, instance.Kind, instance.Id));

    internal void WorkerHangs(int pid) => Tell(l => WorkerHangs(l, resource, pid));

    internal void WorkerKilled(IReadOnlyList<int> pids) => Tell(l => WorkerKilled(l, resource, string.Join(", ", pids)));

    internal void Failed(Exception exception) => Tell(l => Failed(l, resource, exception));

    private void Tell(Action<ILogger> message)
    {
        message(resourceLog);
        message(console);
    }

    private static LogLevel LevelOf(Restart restart) => restart.IsPersistent ? LogLevel.Error : LogLevel.Warning;

    private static string Describe(Restart restart)
    {
        var when = restart.Delay == TimeSpan.Zero ? "at once" : $"in {restart.Delay.TotalSeconds:0.#} s";
        return restart.IsPersistent
            ? $"{when}, which is start number {restart.InARow} in a row: it keeps ending, and its log says why"
            : when;
    }

    [LoggerMessage("Supervisor: '{Resource}' {End}; it is started again {When}.")]
    private static partial void Ended(ILogger logger, LogLevel level, string resource, string end, string when);

    [LoggerMessage("Supervisor: '{Resource}' could not be started ({Reason}); the supervisor tries again {When}.")]
    private static partial void NotStarted(ILogger logger, LogLevel level, string resource, string? reason, string when);

    [LoggerMessage(LogLevel.Information, "Supervisor: '{Resource}' answers ({Id}). If it hangs from now on, it is killed.")]
    private static partial void Answers(ILogger logger, string resource, string id);

    [LoggerMessage(LogLevel.Warning, "Supervisor: '{Resource}' {Reason}: its {Kind} hangs, and is killed ({Id}).")]
    private static partial void Hangs(ILogger logger, string resource, string reason, string kind, string id);

    [LoggerMessage(
        LogLevel.Error,
        "Supervisor: '{Resource}' hangs, and its {Kind} could not be killed ({Id}); the supervisor tries again."
    )]
    private static partial void NotKilled(ILogger logger, string resource, string kind, string id);

    [LoggerMessage(LogLevel.Warning, "Supervisor: a worker of '{Resource}' hangs, and its clients wait; it is killed (pid {Pid}).")]
    private static partial void WorkerHangs(ILogger logger, string resource, int pid);

    [LoggerMessage(
        LogLevel.Warning,
        "Supervisor: a worker of '{Resource}' was killed (pid {Pids}), and its connections are still counted: nginx is reloaded, "
            + "which resets the counts."
    )]
    private static partial void WorkerKilled(ILogger logger, string resource, string pids);

    [LoggerMessage(LogLevel.Error, "Supervisor: the supervision of '{Resource}' failed; it continues.")]
    private static partial void Failed(ILogger logger, string resource, Exception exception);
}
