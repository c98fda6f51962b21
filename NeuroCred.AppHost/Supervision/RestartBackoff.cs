namespace NeuroCred.AppHost.Supervision;

/// <summary>
/// How long to wait before something that ended is started again. The first time not at all: clients have one replica
/// less meanwhile. Then longer each time, up to 30 s, so that a replica that cannot live does not take the machine from those that can.
/// It never ends: what made it fail, such as a full disk, may be over at any time, with nobody there to start it.
/// </summary>
internal sealed class RestartBackoff(TimeProvider timeProvider)
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    /// <summary>What has run for this long is taken to be well again.</summary>
    private static readonly TimeSpan s_goodWhile = TimeSpan.FromSeconds(10);

    private int _restarts;
    private long? _runningSince;

    /// <summary>Takes note that it runs.</summary>
    internal void OnRunning() => _runningSince ??= timeProvider.GetTimestamp();

    /// <summary>Takes note that it ended, and says when to start it again.</summary>
    internal Restart OnEnded()
    {
        if (_runningSince is { } since && timeProvider.GetElapsedTime(since) >= s_goodWhile)
        {
            _restarts = 0;
        }

        _runningSince = null;
        var delay =
            _restarts == 0
                ? TimeSpan.Zero
                : TimeSpan.FromSeconds(Math.Min(s_first.TotalSeconds * Math.Pow(2, _restarts - 1), s_longest.TotalSeconds));
        return new(delay, ++_restarts);
    }

    /// <summary>Forgets the past: a user has taken the matter in hand.</summary>
    internal void Reset() => (_restarts, _runningSince) = (0, null);
}
