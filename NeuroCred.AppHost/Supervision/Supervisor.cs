using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NeuroCred.AppHost.Supervision;

/// <summary>Starts again what ended by itself. Nothing else depends on it: if it fails, nginx goes on serving what is there.</summary>
internal sealed partial class Supervisor(
    SupervisedResources supervised,
    ResourceNotificationService notifications,
    ResourceCommandService commands,
    ResourceLoggerService loggers,
    TimeProvider timeProvider) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => Task.WhenAll(supervised.Resources.Select(resource => SuperviseAsync(resource, stoppingToken)));

    private async Task SuperviseAsync(IResource resource, CancellationToken stoppingToken)
    {
        var log = loggers.GetLogger(resource);
        var decisions = new SupervisedResource(timeProvider);
        using var latest = new LatestAttempt();
        string? last = null;
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                if (!ReferenceEquals(change.Resource, resource) || change.Snapshot.State?.Text is not { } state || state == last)
                {
                    continue;
                }

                last = state;
                if (decisions.OnState(state) is { } delay)
                {
                    Ended(log, resource.Name, change.Snapshot.ExitCode, delay.TotalSeconds);
                    _ = StartAsync(resource, change.ResourceId, decisions, delay, log, latest.Renew(), stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops, and what ends now is meant to.
        }
    }

    /// <summary>Starts the resource after a delay, and goes on trying until it was started, by whomever, or a later decision overtakes this one.</summary>
    private async Task StartAsync(
        IResource resource, string resourceId, SupervisedResource decisions, TimeSpan? delay, ILogger log, CancellationToken overtaken, CancellationToken stoppingToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(overtaken, stoppingToken);
        try
        {
            while (delay is { } wait)
            {
                await Task.Delay(wait, timeProvider, ending.Token);
                if (!notifications.TryGetCurrentState(resourceId, out var current) || !KnownResourceStates.TerminalStates.Contains(current.Snapshot.State?.Text))
                {
                    // A user was quicker.
                    return;
                }

                var result = await commands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand, stoppingToken);
                if (result.Success || ending.IsCancellationRequested)
                {
                    return;
                }

                delay = decisions.OnState(current.Snapshot.State?.Text);
                NotStarted(log, resource.Name, result.Message, delay?.TotalSeconds ?? 0);
            }
        }
        catch (OperationCanceledException)
        {
            // Overtaken, or the application stops.
        }
    }

    [LoggerMessage(LogLevel.Warning, "Supervisor: '{Resource}' could not be started ({Reason}); it is tried again in {Seconds} s.")]
    private static partial void NotStarted(ILogger logger, string resource, string? reason, double seconds);

    [LoggerMessage(LogLevel.Warning, "Supervisor: '{Resource}' ended by itself (exit code {ExitCode}); it is started again in {Seconds} s.")]
    private static partial void Ended(ILogger logger, string resource, int? exitCode, double seconds);
}

/// <summary>What the supervisor looks after.</summary>
/// <param name="Resources">The resources.</param>
internal sealed record SupervisedResources(IReadOnlyList<IResource> Resources);
