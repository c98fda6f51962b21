using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NeuroCred.AppHost.Supervision;

/// <summary>Starts again what ended by itself. Nothing else depends on it: if it fails, nginx goes on serving what is there.</summary>
internal sealed partial class Supervisor(
    SupervisedResources supervised,
    ResourceNotificationService notifications,
    ResourceCommandService commands,
    ResourceLoggerService loggers,
    TimeProvider timeProvider,
    ILogger<Supervisor> logger) : BackgroundService
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
                    Tell(log, l => Ended(l, resource.Name, DescribeEnd(state, change.Snapshot.ExitCode), DescribeDelay(delay)));
                    _ = StartAsync(resource, change.ResourceId, decisions, delay, log, latest.Renew(), stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops, and what ends now is meant to.
        }
    }

    /// <summary>Says something in the resource's log and on the AppHost's console.</summary>
    private void Tell(ILogger resourceLog, Action<ILogger> message)
    {
        message(resourceLog);
        message(logger);
    }

    // The orchestrator reports -1 of a process that a signal ended.
    private static string DescribeEnd(string state, int? exitCode) => state == KnownResourceStates.FailedToStart ? "could not be started"
        : exitCode is null or -1 ? "was killed"
        : string.Create(CultureInfo.InvariantCulture, $"ended by itself with exit code {exitCode}");

    private static string DescribeDelay(TimeSpan delay) => delay == TimeSpan.Zero
        ? "at once"
        : string.Create(CultureInfo.InvariantCulture, $"in {delay.TotalSeconds:0.#} s");

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
                if (!decisions.ShouldRun
                    || !notifications.TryGetCurrentState(resourceId, out var current)
                    || !KnownResourceStates.TerminalStates.Contains(current.Snapshot.State?.Text))
                {
                    // A user was quicker: to start it, or to start and stop it.
                    return;
                }

                var result = await commands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand, stoppingToken);
                if (result.Success || ending.IsCancellationRequested)
                {
                    return;
                }

                delay = decisions.OnState(current.Snapshot.State?.Text);
                Tell(log, l => NotStarted(l, resource.Name, result.Message, DescribeDelay(delay ?? TimeSpan.Zero)));
            }
        }
        catch (OperationCanceledException)
        {
            // Overtaken, or the application stops.
        }
    }

    [LoggerMessage(LogLevel.Warning, "Supervisor: '{Resource}' could not be started ({Reason}); it is tried again {When}.")]
    private static partial void NotStarted(ILogger logger, string resource, string? reason, string when);

    [LoggerMessage(LogLevel.Warning, "Supervisor: '{Resource}' {End}; it is started again {When}.")]
    private static partial void Ended(ILogger logger, string resource, string end, string when);
}

/// <summary>What the supervisor looks after.</summary>
/// <param name="Resources">The resources.</param>
internal sealed record SupervisedResources(IReadOnlyList<IResource> Resources);
