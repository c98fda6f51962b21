using System.Runtime.CompilerServices;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Timeline;

namespace NeuroCred.Monitor.Snapshots;

/// <summary>Makes a snapshot every second, and hands it to whoever waits for one.</summary>
internal sealed partial class SnapshotFeed(
    SnapshotBuilder builder, IDiagnostician diagnostician, EventTimeline timeline, TimeProvider time, ILogger<SnapshotFeed> logger)
    : BackgroundService, ISnapshotFeed
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly PeriodicTimer _beat = new(s_interval, time);
    private readonly FindingEvents _findings = new(timeline);
    private volatile Moment _moment = new(null);

    /// <inheritdoc/>
    public SystemSnapshot? Latest => _moment.Snapshot;

    /// <inheritdoc/>
    public async IAsyncEnumerable<SystemSnapshot> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            // Always the latest: who was slow goes on with that one.
            var moment = _moment;
            if (moment.Snapshot is { } snapshot)
            {
                yield return snapshot;
            }

            await moment.Passed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _beat.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _beat.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                Take();
            }
#pragma warning disable CA1031 // One moment that cannot be told of must not end those after it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Failed(logger, e);
            }
        }
    }

    private void Take()
    {
        var diagnosis = diagnostician.Diagnose();
        _findings.OnDiagnosis(diagnosis);
        var previous = _moment;
        _moment = new(builder.Build(diagnosis));
        previous.Pass();
    }

    [LoggerMessage(LogLevel.Error, "A snapshot could not be made; the next one is tried in a second.")]
    private static partial void Failed(ILogger logger, Exception exception);

    private sealed class Moment(SystemSnapshot? snapshot)
    {
        private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SystemSnapshot? Snapshot { get; } = snapshot;

        /// <summary>Completes when there is a later one.</summary>
        public Task Passed => _passed.Task;

        public void Pass() => _passed.SetResult();
    }
}
