using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NeuroCred.Processes;

namespace NeuroCred.AppHost.Commands;

/// <summary>What can be done to a replica on the dashboard, to see that clients notice nothing of it.</summary>
internal static partial class ReplicaCommands
{
    /// <summary>Adds the commands Kill, Hang, Resume and Drain.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="apiKey">The key that draining needs.</param>
    internal static IResourceBuilder<T> WithReplicaCommands<T>(this IResourceBuilder<T> replica, IResourceBuilder<ParameterResource> apiKey)
        where T : IResourceWithEndpoints
    {
        var drain = new ReplicaDrain(replica.Resource, apiKey.Resource);
        return replica
            .WithCommand(
                "kill",
                "Kill",
                context => SignalAsync(context, p => p.Kill(), "killed"),
                new()
                {
                    Description = "End the process at once (SIGKILL), as a crash would. The supervisor starts it again.",
                    ConfirmationMessage = "Kill this replica? What it is doing is lost, and done again by another one.",
                    IconName = "Flash",
                    IconVariant = IconVariant.Filled,
                    UpdateState = WhileRunning,
                }
            )
            .WithCommand(
                "hang",
                "Hang",
                context => SignalAsync(context, p => p.Suspend(), "suspended"),
                new()
                {
                    Description =
                        "Suspend the process (SIGSTOP), so that it keeps its connections and answers nothing. The supervisor kills "
                        + "it after a few seconds; Resume before that undoes it.",
                    ConfirmationMessage = "Hang this replica? What it is doing waits until it is resumed or killed.",
                    IconName = "Pause",
                    IconVariant = IconVariant.Filled,
                    UpdateState = WhileRunningOnUnix,
                }
            )
            .WithCommand(
                "resume",
                "Resume",
                context => ResumeAsync(context, drain),
                new()
                {
                    Description = "Have a hung replica go on (SIGCONT), and a drained one take requests again.",
                    IconName = "PlayCircle",
                    UpdateState = WhileRunning,
                }
            )
            .WithCommand(
                "drain",
                "Drain",
                context => DrainAsync(context, drain),
                new()
                {
                    Description = "Send new requests to the other replicas, while this one goes on running. Resume undoes it.",
                    IconName = "ArrowExit",
                    UpdateState = WhileRunning,
                }
            );
    }

    /// <summary>Whether a command on a process can be used.</summary>
    internal static ResourceCommandState WhileRunning(UpdateCommandStateContext context) =>
        context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;

    // Windows has no such signals.
    private static ResourceCommandState WhileRunningOnUnix(UpdateCommandStateContext context) =>
        OperatingSystem.IsWindows() ? ResourceCommandState.Hidden : WhileRunning(context);

    private static Task<ExecuteCommandResult> SignalAsync(ExecuteCommandContext context, Func<ResourceProcess, bool> signal, string done) =>
        Task.FromResult(Find(context) is { } process && signal(process) ? Succeed(context, done, process) : NotRunning(context));

    private static async Task<ExecuteCommandResult> ResumeAsync(ExecuteCommandContext context, ReplicaDrain drain)
    {
        if (Find(context) is not { } process || (!OperatingSystem.IsWindows() && !process.Continue()))
        {
            return NotRunning(context);
        }

        return await drain.EndAsync(context.CancellationToken) is { } problem
            ? CommandResults.Failure($"Its process goes on (pid {process.Id}), but whether it takes requests is not known: {problem}")
            : Succeed(context, "resumed", process);
    }

    private static async Task<ExecuteCommandResult> DrainAsync(ExecuteCommandContext context, ReplicaDrain drain)
    {
        if (Find(context) is not { } process)
        {
            return NotRunning(context);
        }

        return await drain.BeginAsync(context.CancellationToken) is { } problem
            ? CommandResults.Failure($"It is not drained: {problem}")
            : Succeed(context, "drained", process);
    }

    private static ResourceProcess? Find(ExecuteCommandContext context) =>
        context.Services.GetRequiredService<ResourceNotificationService>().TryGetCurrentState(context.ResourceName, out var current)
            ? ResourceProcess.Find(current.Snapshot)
            : null;

    private static ExecuteCommandResult Succeed(ExecuteCommandContext context, string done, ResourceProcess process)
    {
        Told(context.Logger, done, process.Id);
        return CommandResults.Success($"{char.ToUpperInvariant(done[0])}{done[1..]} (pid {process.Id}).");
    }

    private static ExecuteCommandResult NotRunning(ExecuteCommandContext context) =>
        CommandResults.Failure($"'{context.ResourceName}' has no process now. Start it, or wait until the supervisor has.");

    [LoggerMessage(LogLevel.Information, "Command: {Done} (pid {Id}).")]
    private static partial void Told(ILogger logger, string done, int id);
}
