namespace NeuroCred.AppHost.Supervision;

/// <summary>
/// How long to wait before something that ended is started again. The first time not at all: clients have one replica
/// less meanwhile. Then longer each time, so that a replica that cannot live does not take the machine from those that can;
/// and after <see cref="MaxRestarts"/> in a row never again, since more of the same will not help.
/// </summary>
/// <param name="timeProvider">The clock.</param>
internal sealed class RestartBackoff(TimeProvider timeProvider)
{
    /// <summary>How often something is started again in a row. The last one comes 75 s after the first.</summary>
    internal const int MaxRestarts = 10;

    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(15);

    /// <summary>What has run for this long is taken to be well again.</summary>
    private static readonly TimeSpan s_goodWhile = TimeSpan.FromSeconds(10);

    private int _restarts;
    private DateTimeOffset? _runningSince;

    /// <summary>Takes note that it runs.</summary>
    internal void OnRunning() => _runningSince ??= timeProvider.GetUtcNow();

    /// <summary>Takes note that it ended, and says how long to wait; null for ever.</summary>
    internal TimeSpan? OnEnded()
    {
        if (_runningSince is { } since && timeProvider.GetUtcNow() - since >= s_goodWhile)
        {
            _restarts = 0;
        }

        _runningSince = null;
        return _restarts++ switch
        {
            0 => TimeSpan.Zero,
            MaxRestarts => null,
            var before => TimeSpan.FromTicks(Math.Min(s_first.Ticks << (before - 1), s_longest.Ticks)),
        };
    }

    /// <summary>Forgets the past: a user has taken the matter in hand.</summary>
    internal void Reset() => (_restarts, _runningSince) = (0, null);
}
