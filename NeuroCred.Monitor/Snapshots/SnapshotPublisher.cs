using NeuroCred.Monitor.Diagnostics;
using NeuroCred.Monitor.Timeline;

namespace NeuroCred.Monitor.Snapshots;

/// <summary>Observes the system every second, diagnoses it, and publishes the snapshot.</summary>
internal sealed partial class SnapshotPublisher(
    Observer observer,
    Diagnostician diagnostician,
    SnapshotBuilder builder,
    SnapshotFeed feed,
    EventTimeline timeline,
    TimeProvider time,
    ILogger<SnapshotPublisher> logger
) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly PeriodicTimer _timer = new(s_interval, time);
    private readonly FindingEvents _findings = new(timeline);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Publish();
            }
#pragma warning disable CA1031 // One snapshot that fails must not end those after it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Failed(logger, e);
            }
        }
    }

    private void Publish()
    {
        var now = observer.Observe();
        var diagnosis = diagnostician.Diagnose(now);
        _findings.OnDiagnosis(diagnosis);
        feed.Publish(builder.Build(now, diagnosis));
    }

    [LoggerMessage(LogLevel.Error, "A snapshot could not be made; the next one is tried in a second.")]
    private static partial void Failed(ILogger logger, Exception exception);
}
