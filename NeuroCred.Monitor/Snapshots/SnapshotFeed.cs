using System.Runtime.CompilerServices;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Timeline;

namespace NeuroCred.Monitor.Snapshots;

/// <summary>Makes a snapshot every second, and gives it to all readers.</summary>
internal sealed partial class SnapshotFeed(
    SnapshotBuilder builder,
    IDiagnostician diagnostician,
    EventTimeline timeline,
    TimeProvider time,
    ILogger<SnapshotFeed> logger
) : BackgroundService, ISnapshotFeed
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly PeriodicTimer _timer = new(s_interval, time);
    private readonly FindingEvents _findings = new(timeline);
    private volatile Publication _current = new(null);

    /// <inheritdoc/>
    public SystemSnapshot? Latest => _current.Snapshot;

    /// <inheritdoc/>
    public async IAsyncEnumerable<SystemSnapshot> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            // Always the latest: a slow reader goes on with that one.
            var current = _current;
            if (current.Snapshot is { } snapshot)
            {
                yield return snapshot;
            }

            await current.Replaced.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
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
        var diagnosis = diagnostician.Diagnose();
        _findings.OnDiagnosis(diagnosis);
        var previous = _current;
        _current = new(builder.Build(diagnosis));
        previous.Replace();
    }

    [LoggerMessage(LogLevel.Error, "A snapshot could not be made; the next one is tried in a second.")]
    private static partial void Failed(ILogger logger, Exception exception);

    private sealed class Publication(SystemSnapshot? snapshot)
    {
        private readonly TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SystemSnapshot? Snapshot { get; } = snapshot;

        /// <summary>Completes when there is a later one.</summary>
        public Task Replaced => _replaced.Task;

        public void Replace() => _replaced.SetResult();
    }
}
