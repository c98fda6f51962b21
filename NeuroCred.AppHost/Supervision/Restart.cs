namespace NeuroCred.AppHost.Supervision;

/// <summary>A resource that ended is to be started again.</summary>
/// <param name="Delay">After what time.</param>
/// <param name="InARow">How many restarts in a row this makes, from 1.</param>
internal sealed record Restart(TimeSpan Delay, int InARow)
{
    // The sixth comes 7.5 s after the first: what a slow start or a dependency needs for a moment is over by then.
    private const int Persistent = 6;

    /// <summary>Whether it has not lasted so often that somebody has to look.</summary>
    internal bool IsPersistent => InARow >= Persistent;
}
