namespace NeuroCred.AppHost.Supervision;

/// <summary>
/// How long to wait before something that ended is started again. The first time not at all: clients have one replica
/// less meanwhile. Then longer each time, so that a replica that cannot live does not take the machine from those that can.
/// </summary>
/// <param name="timeProvider">The clock.</param>
internal sealed class RestartBackoff(TimeProvider timeProvider)
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(15);

    /// <summary>What has run for this long is taken to be well again.</summary>
    private static readonly TimeSpan s_goodWhile = TimeSpan.FromSeconds(10);

    private int _restarts;
    private DateTimeOffset? _runningSince;

    /// <summary>Takes note that it runs.</summary>
    internal void OnRunning() => _runningSince ??= timeProvider.GetUtcNow();

    /// <summary>Takes note that it ended, and says how long to wait.</summary>
    internal TimeSpan OnEnded()
    {
        if (_runningSince is { } since && timeProvider.GetUtcNow() - since >= s_goodWhile)
        {
            _restarts = 0;
        }

        _runningSince = null;
        return _restarts++ == 0
            ? TimeSpan.Zero
            : TimeSpan.FromTicks(Math.Min(s_first.Ticks << Math.Min(_restarts - 2, 10), s_longest.Ticks));
    }
}
