using NeuroCred.Processes;

namespace NeuroCred.AppHost.Supervision;

/// <summary>Follows one resource, and does what its states call for.</summary>
internal sealed class ResourceSupervision(
    Supervised target,
    StartTurns turns,
    IReadOnlyList<IInstanceWatch> watches,
    ResourceNotificationService notifications,
    ResourceCommandService commands,
    TimeProvider timeProvider,
    SupervisorLog log
)
{
    /// <summary>The property by which the dashboard shows that a resource does not last.</summary>
    internal const string PersistentProperty = "supervisor";

    private readonly SupervisedResource _decisions = new(timeProvider);
    private readonly IResource _resource = target.Resource;

    /// <summary>Follows it until cancelled.</summary>
    internal async Task RunAsync(CancellationToken stoppingToken)
    {
        using var starts = new LatestAttempt();
        using var runs = new LatestAttempt();
        string? last = null;
        string? instance = null;
        await foreach (var change in notifications.WatchAsync(stoppingToken))
        {
            if (change.Resource.Name != _resource.Name || change.Snapshot.State?.Text is not { } state)
            {
                continue;
            }

            if (RunningInstance.GetId(change.Snapshot) is var id && id != instance)
            {
                // Whatever it does next, stop or end: only what runs is watched.
                instance = id;
                var ended = runs.Renew();
                foreach (var watch in watches)
                {
                    _ = RunAloneAsync(() => watch.WatchAsync(change, ended));
                }
            }

            if (state != last)
            {
                last = state;
                await OnStateAsync(change, state, starts, stoppingToken);
            }

            await KeepRedAsync(change);
        }
    }

    private async Task OnStateAsync(ResourceEvent change, string state, LatestAttempt starts, CancellationToken stoppingToken)
    {
        if (_decisions.OnState(state) is { } restart)
        {
            log.Ended(DescribeEnd(state, change.Snapshot.ExitCode), restart);
            await ShowAsync(change.ResourceId, restart);
            var overtaken = starts.Renew();
            _ = RunAloneAsync(() => StartAsync(change.ResourceId, restart, overtaken, stoppingToken));
        }
        else if (state == KnownResourceStates.Running)
        {
            await notifications.PublishUpdateAsync(
                change.Resource,
                change.ResourceId,
                s => s.Properties.Any(IsPersistent) ? s with { Properties = s.Properties.RemoveAll(IsPersistent) } : s
            );
        }
    }

    /// <summary>Starts the resource after a delay, and goes on trying until it was started, by whomever, or a later decision overtakes this
    /// one.</summary>
    private async Task StartAsync(string resourceId, Restart restart, CancellationToken overtaken, CancellationToken stoppingToken)
    {
        for (var next = restart; next is not null; )
        {
            await Task.Delay(next.Delay, timeProvider, overtaken);
            next = target is { StartsInTurn: true, Liveness: { } liveness }
                ? await turns.StartAsync(TryStartAsync, liveness, overtaken)
                : await TryStartAsync();
        }

        // When to try again, or null when there is nothing left to do.
        async Task<Restart?> TryStartAsync()
        {
            if (!_decisions.ShouldRun || FindEnd(resourceId) is not { } end)
            {
                // A user was quicker: to start it, or to start and stop it.
                return null;
            }

            var result = await commands.ExecuteCommandAsync(_resource, KnownResourceCommands.StartCommand, stoppingToken);
            if (result.Success || overtaken.IsCancellationRequested || FindEnd(resourceId)?.StopTimeStamp != end.StopTimeStamp)
            {
                // It was started; if it has ended since, even before it ran, that is a new end with a reaction of its own.
                return null;
            }

            if (_decisions.OnState(end.State?.Text) is { } later)
            {
                log.NotStarted(result.Message, later);
                await ShowAsync(resourceId, later);
                return later;
            }

            return null;
        }
    }

    /// <summary>Does what goes on beside the following of states. Nobody waits for it.</summary>
    private async Task RunAloneAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (OperationCanceledException)
        {
            // What it was about has ended, or was overtaken, or the application stops.
        }
#pragma warning disable CA1031 // What went wrong is told here, or nowhere.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.Failed(e);
        }
    }

    /// <summary>The resource's state, if it is that of one that has ended.</summary>
    private CustomResourceSnapshot? FindEnd(string resourceId) =>
        notifications.TryGetCurrentState(resourceId, out var current) && IsEnd(current.Snapshot) ? current.Snapshot : null;

    private static bool IsEnd(CustomResourceSnapshot snapshot) =>
        snapshot.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text);

    /// <summary>Shows on the dashboard that it does not last, and why it is not running now.</summary>
    private async Task ShowAsync(string resourceId, Restart restart)
    {
        if (!restart.IsPersistent)
        {
            return;
        }

        var published = notifications.TryGetCurrentState(resourceId, out var current) ? current.Resource : _resource;
        var property = new ResourcePropertySnapshot(
            PersistentProperty,
            $"It keeps ending: start number {restart.InARow} in a row comes {restart.Delay.TotalSeconds:0.#} s after its end. Its "
                + "log says why it ends."
        );
        await notifications.PublishUpdateAsync(
            published,
            resourceId,
            s => IsEnd(s) ? s with { Properties = [.. s.Properties.Where(p => !IsPersistent(p)), property] } : s
        );
    }

    /// <summary>
    /// Shows in red what does not last. The state's name stays, by which others see that it has ended, and the dashboard offers the start.
    /// The orchestrator may tell of one end several times, each time without a colour.
    /// </summary>
    private async Task KeepRedAsync(ResourceEvent change)
    {
        if (IsPaleEnd(change.Snapshot))
        {
            await notifications.PublishUpdateAsync(
                change.Resource,
                change.ResourceId,
                s => IsPaleEnd(s) ? s with { State = new(s.State!.Text, KnownResourceStateStyles.Error) } : s
            );
        }

        static bool IsPaleEnd(CustomResourceSnapshot snapshot) =>
            IsEnd(snapshot) && snapshot.Properties.Any(IsPersistent) && snapshot.State!.Style != KnownResourceStateStyles.Error;
    }

    private static bool IsPersistent(ResourcePropertySnapshot property) => property.Name == PersistentProperty;

    // The orchestrator reports -1 of a process that a signal ended, and does not say which: a crash ends by one too. Of a container the
    // engine reports 137 (128 + SIGKILL).
    private static string DescribeEnd(string state, int? exitCode) =>
        state == KnownResourceStates.FailedToStart ? "could not be started"
        : exitCode is null or -1 or 137 ? "was ended by a signal (killed, or crashed)"
        : $"ended with exit code {exitCode}";
}
