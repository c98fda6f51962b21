using System.Globalization;
using NeuroCred.AppHost.Processes;

namespace NeuroCred.AppHost.Supervision;

/// <summary>Follows one resource, and does what its states call for.</summary>
internal sealed class ResourceSupervision(
    IResource resource,
    HungProcess? hung,
    ResourceNotificationService notifications,
    ResourceCommandService commands,
    TimeProvider timeProvider,
    SupervisorLog log)
{
    /// <summary>The property by which the dashboard shows that the supervisor has given up.</summary>
    internal const string GivenUpProperty = "supervisor";

    private readonly SupervisedResource _decisions = new(timeProvider);

    /// <summary>Follows it until cancelled.</summary>
    internal async Task RunAsync(CancellationToken stoppingToken)
    {
        using var starts = new LatestAttempt();
        using var probes = new LatestAttempt();
        string? last = null;
        int? process = null;
        await foreach (var change in notifications.WatchAsync(stoppingToken))
        {
            if (change.Resource.Name != resource.Name || change.Snapshot.State?.Text is not { } state)
            {
                continue;
            }

            if (ResourceProcess.GetId(change.Snapshot) is var id && id != process)
            {
                // Whatever it does next, stop or end: only what runs is probed.
                process = id;
                _ = hung?.KillAsync(change, probes.Renew(), stoppingToken);
            }

            if (state != last)
            {
                last = state;
                await OnStateAsync(change, state, starts, stoppingToken);
            }
        }
    }

    private async Task OnStateAsync(ResourceEvent change, string state, LatestAttempt starts, CancellationToken stoppingToken)
    {
        switch (_decisions.OnState(state))
        {
            case Reaction.Start { Delay: var delay }:
                log.Ended(DescribeEnd(state, change.Snapshot.ExitCode), delay);
                _ = StartAsync(change.ResourceId, delay, starts.Renew(), stoppingToken);
                break;
            case Reaction.GiveUp:
                await GiveUpAsync(change.ResourceId);
                break;
            case null when state == KnownResourceStates.Running:
                await notifications.PublishUpdateAsync(change.Resource, change.ResourceId, s => s.Properties.Any(IsGivenUp)
                    ? s with { Properties = s.Properties.RemoveAll(IsGivenUp) }
                    : s);
                break;
        }
    }

    /// <summary>Starts the resource after a delay, and goes on trying until it was started, by whomever, or a later decision overtakes this one.</summary>
    private async Task StartAsync(string resourceId, TimeSpan delay, CancellationToken overtaken, CancellationToken stoppingToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(overtaken, stoppingToken);
        try
        {
            while (true)
            {
                await Task.Delay(delay, timeProvider, ending.Token);
                if (!_decisions.ShouldRun || FindEnd(resourceId) is not { } end)
                {
                    // A user was quicker: to start it, or to start and stop it.
                    return;
                }

                var result = await commands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand, stoppingToken);
                if (result.Success || ending.IsCancellationRequested || FindEnd(resourceId)?.StopTimeStamp != end.StopTimeStamp)
                {
                    // It was started; if it has ended since, even before it ran, that is a new end with a reaction of its own.
                    return;
                }

                if (_decisions.OnState(end.State?.Text) is not Reaction.Start { Delay: var next })
                {
                    await GiveUpAsync(resourceId);
                    return;
                }

                log.NotStarted(result.Message, delay = next);
            }
        }
        catch (OperationCanceledException)
        {
            // Overtaken, or the application stops.
        }
#pragma warning disable CA1031 // Nobody waits for this: what went wrong is told here, or nowhere.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.Failed(e);
        }
    }

    /// <summary>The resource's state, if it is that of one that has ended.</summary>
    private CustomResourceSnapshot? FindEnd(string resourceId)
        => notifications.TryGetCurrentState(resourceId, out var current) && IsEnd(current.Snapshot) ? current.Snapshot : null;

    private static bool IsEnd(CustomResourceSnapshot snapshot) => snapshot.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text);

    /// <summary>Says loudly that it is not started any more: in the logs, and on the dashboard, by a state that stands out and still offers the start.</summary>
    private async Task GiveUpAsync(string resourceId)
    {
        log.GivenUp(RestartBackoff.MaxRestarts);
        var published = notifications.TryGetCurrentState(resourceId, out var current) ? current.Resource : resource;
        var property = new ResourcePropertySnapshot(GivenUpProperty, string.Create(CultureInfo.InvariantCulture, $"Given up after {RestartBackoff.MaxRestarts} restarts in a row. Its log says why it ends; then start it."));
        await notifications.PublishUpdateAsync(published, resourceId, s => !IsEnd(s) ? s : s with
        {
            State = new(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
            Properties = [.. s.Properties.Where(p => !IsGivenUp(p)), property],
        });
    }

    private static bool IsGivenUp(ResourcePropertySnapshot property) => property.Name == GivenUpProperty;

    // The orchestrator reports -1 of a process that a signal ended, and does not say which: a crash ends by one too. Of a container the engine
    // reports 137 (128 + SIGKILL).
    private static string DescribeEnd(string state, int? exitCode) => state == KnownResourceStates.FailedToStart ? "could not be started"
        : exitCode is null or -1 or 137 ? "was ended by a signal (killed, or crashed)"
        : string.Create(CultureInfo.InvariantCulture, $"ended by itself with exit code {exitCode}");
}
