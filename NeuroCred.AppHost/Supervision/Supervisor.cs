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
                    _ = StartAsync(resource, change.ResourceId, delay, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops, and what ends now is meant to.
        }
    }

    private async Task StartAsync(IResource resource, string resourceId, TimeSpan delay, CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(delay, timeProvider, stoppingToken);

            // A user may have been quicker.
            if (notifications.TryGetCurrentState(resourceId, out var current) && KnownResourceStates.TerminalStates.Contains(current.Snapshot.State?.Text))
            {
                await commands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
    }

    [LoggerMessage(LogLevel.Warning, "Supervisor: '{Resource}' ended by itself (exit code {ExitCode}); it is started again in {Seconds} s.")]
    private static partial void Ended(ILogger logger, string resource, int? exitCode, double seconds);
}

/// <summary>What the supervisor looks after.</summary>
/// <param name="Resources">The resources.</param>
internal sealed record SupervisedResources(IReadOnlyList<IResource> Resources);
