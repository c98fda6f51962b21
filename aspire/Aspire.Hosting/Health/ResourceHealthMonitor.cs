using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Health;

/// <summary>Runs the health checks of every resource that runs, and tells when one became ready.</summary>
internal sealed class ResourceHealthMonitor(
    ResourceNotificationService notifications,
    HealthCheckService healthChecks,
    IDistributedApplicationEventing eventing,
    TimeProvider timeProvider,
    IServiceProvider services) : BackgroundService
{
    // While something starts, someone waits for it; later a glance is enough.
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_slowestWhileUnhealthy = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_healthy = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, (DateTime? Start, CancellationTokenSource Cancellation)> _running = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken).ConfigureAwait(false))
            {
                var isRunning = change.Snapshot.State?.Text == KnownResourceStates.Running;
                if (_running.TryGetValue(change.ResourceId, out var current))
                {
                    if (isRunning && current.Start == change.Snapshot.StartTimeStamp)
                    {
                        continue;
                    }

                    await current.Cancellation.CancelAsync().ConfigureAwait(false);
                    _running.Remove(change.ResourceId);
                }

                if (isRunning)
                {
                    var cancellation = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                    _running[change.ResourceId] = (change.Snapshot.StartTimeStamp, cancellation);
                    _ = MonitorAsync(change.Resource, change.ResourceId, change.Snapshot.StartTimeStamp, cancellation.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
    }

    private async Task MonitorAsync(IResource resource, string resourceId, DateTime? start, CancellationToken cancellationToken)
    {
        var keys = resource.Annotations.Snapshot().OfType<HealthCheckAnnotation>().Select(a => a.Key).ToHashSet(StringComparer.Ordinal);
        var isReady = false;
        var delay = s_first;
        try
        {
            while (true)
            {
                var isHealthy = keys.Count == 0 || await CheckAsync(resource, resourceId, start, keys, cancellationToken).ConfigureAwait(false);
                if (isHealthy && !isReady)
                {
                    isReady = true;
                    var handlers = eventing.PublishAsync(new ResourceReadyEvent(resource, services), cancellationToken);
                    await notifications.PublishUpdateAsync(resource, resourceId, s => IsSameRun(s, start) ? s with { ReadyHandlers = handlers } : s).ConfigureAwait(false);
                }

                if (keys.Count == 0)
                {
                    return;
                }

                await Task.Delay(isHealthy ? s_healthy : delay, timeProvider, cancellationToken).ConfigureAwait(false);
                delay = isHealthy ? s_first : TimeSpan.FromTicks(Math.Min(delay.Ticks * 3 / 2, s_slowestWhileUnhealthy.Ticks));
            }
        }
        catch (OperationCanceledException)
        {
            // The resource does not run any more.
        }
    }

    // What was learned of an earlier process says nothing of the present one.
    private static bool IsSameRun(CustomResourceSnapshot snapshot, DateTime? start)
        => snapshot.State?.Text == KnownResourceStates.Running && snapshot.StartTimeStamp == start;

    private async Task<bool> CheckAsync(IResource resource, string resourceId, DateTime? start, HashSet<string> keys, CancellationToken cancellationToken)
    {
        var report = await healthChecks.CheckHealthAsync(r => keys.Contains(r.Name), cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var now = timeProvider.GetUtcNow().UtcDateTime;
        ImmutableArray<HealthReportSnapshot> reports =
        [
            .. report.Entries.Select(e => new HealthReportSnapshot(e.Key, e.Value.Status, e.Value.Description, e.Value.Exception?.Message) { LastRunAt = now }),
        ];
        await notifications.PublishUpdateAsync(resource, resourceId, s => IsSameRun(s, start) ? s with { HealthReports = reports } : s)
            .ConfigureAwait(false);
        return report.Status == HealthStatus.Healthy;
    }
}
