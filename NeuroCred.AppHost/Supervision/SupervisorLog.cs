using System.Globalization;
using Microsoft.Extensions.Logging;

namespace NeuroCred.AppHost.Supervision;

/// <summary>Says each decision of the supervisor twice: in the resource's log, and on the AppHost's console.</summary>
internal sealed partial class SupervisorLog(string resource, ILogger resourceLog, ILogger console)
{
    internal void Ended(string end, TimeSpan delay) => Tell(l => Ended(l, resource, end, Describe(delay)));

    internal void NotStarted(string? reason, TimeSpan delay) => Tell(l => NotStarted(l, resource, reason, Describe(delay)));

    internal void Hangs(string reason, int pid) => Tell(l => Hangs(l, resource, reason, pid));

    internal void GivenUp(int restarts) => Tell(l => GivenUp(l, resource, restarts));

    internal void Failed(Exception exception) => Tell(l => Failed(l, resource, exception));

    private void Tell(Action<ILogger> message)
    {
        message(resourceLog);
        message(console);
    }

    private static string Describe(TimeSpan delay) => delay == TimeSpan.Zero
        ? "at once"
        : string.Create(CultureInfo.InvariantCulture, $"in {delay.TotalSeconds:0.#} s");

    [LoggerMessage(LogLevel.Warning, "Supervisor: '{Resource}' {End}; it is started again {When}.")]
    private static partial void Ended(ILogger logger, string resource, string end, string when);

    [LoggerMessage(LogLevel.Warning, "Supervisor: '{Resource}' could not be started ({Reason}); it is tried again {When}.")]
    private static partial void NotStarted(ILogger logger, string resource, string? reason, string when);

    [LoggerMessage(LogLevel.Warning, "Supervisor: '{Resource}' {Reason}: its process hangs, and is killed (pid {Pid}).")]
    private static partial void Hangs(ILogger logger, string resource, string reason, int pid);

    [LoggerMessage(LogLevel.Error, "Supervisor: '{Resource}' was started again {Restarts} times in a row and did not last: given up. Its log says why it ends; mend that, then start it from the dashboard.")]
    private static partial void GivenUp(ILogger logger, string resource, int restarts);

    [LoggerMessage(LogLevel.Error, "Supervisor: the supervision of '{Resource}' failed, and goes on.")]
    private static partial void Failed(ILogger logger, string resource, Exception exception);
}
