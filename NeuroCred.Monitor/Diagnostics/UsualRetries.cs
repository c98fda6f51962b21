namespace NeuroCred.Monitor.Diagnostics;

/// <summary>
/// Of how many requests an attempt is usually made again: an average that forgets what is older than a minute or two. While retries count as rising it
/// learns nothing, so that what lasts does not become usual.
/// </summary>
internal sealed class UsualRetries
{
    private static readonly TimeSpan s_memory = TimeSpan.FromMinutes(1);

    private DateTimeOffset? _at;

    /// <summary>The ratio, 0 to 1.</summary>
    public double Ratio { get; private set; }

    /// <summary>Learns from one look.</summary>
    public void Learn(DateTimeOffset time, double ratio)
    {
        var passed = _at is { } at ? time - at : TimeSpan.Zero;
        Ratio += (ratio - Ratio) * (1 - Math.Exp(-passed / s_memory));
        _at = time;
    }
}
