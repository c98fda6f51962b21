using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>The commands start, stop and restart of resources that are processes.</summary>
internal static class LifecycleCommands
{
    internal static void AddTo(IResource resource, Func<CancellationToken, Task> start, Func<CancellationToken, Task> stop)
    {
        resource.Annotations.Add(Create(
            KnownResourceCommands.StartCommand, "Start", "Start it.", "Play",
            state => IsStopped(state) ? ResourceCommandState.Enabled : ResourceCommandState.Hidden,
            start));
        resource.Annotations.Add(Create(
            KnownResourceCommands.StopCommand, "Stop", "Stop it: SIGTERM, and SIGKILL if it is still there 6 s later.", "Stop",
            state => IsStopped(state) ? ResourceCommandState.Hidden
                : state == KnownResourceStates.Stopping ? ResourceCommandState.Disabled
                : ResourceCommandState.Enabled,
            stop));
        resource.Annotations.Add(Create(
            KnownResourceCommands.RestartCommand, "Restart", "Stop it and start it again.", "ArrowCounterclockwise",
            state => state == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
            async ct =>
            {
                await stop(ct).ConfigureAwait(false);
                await start(ct).ConfigureAwait(false);
            }));
    }

    private static bool IsStopped(string? state) => state is null || state == KnownResourceStates.NotStarted || KnownResourceStates.TerminalStates.Contains(state);

    private static ResourceCommandAnnotation Create(
        string name, string displayName, string description, string icon, Func<string?, ResourceCommandState> state, Func<CancellationToken, Task> execute)
        => new(
            name,
            displayName,
            context => state(context.ResourceSnapshot.State?.Text),
            async context =>
            {
                await execute(context.CancellationToken).ConfigureAwait(false);
                return CommandResults.Success();
            },
            description,
            parameter: null,
            confirmationMessage: null,
            icon,
            IconVariant.Filled,
            isHighlighted: true);
}
