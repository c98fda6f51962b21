namespace NeuroCred.Monitor.Diagnostics;

/// <summary>
/// The usual part of the requests of which an attempt is made again: an exponential average with a time constant of one minute. It is not
/// updated while retries count as rising, so that a problem that lasts does not become usual.
/// </summary>
internal sealed class RetryBaseline
{
    private static readonly TimeSpan s_timeConstant = TimeSpan.FromMinutes(1);

    private DateTimeOffset? _at;

    /// <summary>The ratio, 0 to 1.</summary>
    public double Ratio { get; private set; }

    /// <summary>Adds the ratio at a time.</summary>
    public void Add(DateTimeOffset time, double ratio)
    {
        // A clock may be set back.
        var passed = _at is { } at && at < time ? time - at : TimeSpan.Zero;
        Ratio += (ratio - Ratio) * (1 - Math.Exp(-passed / s_timeConstant));
        _at = time;
    }
}
