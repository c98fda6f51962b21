using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Diagnostics;

/// <summary>
/// Makes a finding of what the rules say for long enough without a break, and removes it once they have not said it for as long.
/// </summary>
/// <param name="window">What the rules judge over. If it is shorter than 3 s, it is also how long they must say it.</param>
internal sealed class FindingDebouncer(TimeSpan window)
{
    // Longer than a killed replica takes to be back.
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, Streak> _streaks = new(StringComparer.Ordinal);
    private DateTimeOffset _updated;

    /// <summary>
    /// For how long the rules must say something before it is a finding, and must not say it before the finding is removed.
    /// </summary>
    private TimeSpan Delay { get; } = window < s_longest ? window : s_longest;

    /// <summary>Adds what the rules say now.</summary>
    /// <param name="time">When. If that is before the last time, because a clock was set back, all begins anew.</param>
    /// <param name="found">What they say.</param>
    /// <returns>The findings.</returns>
    public IReadOnlyList<Finding> Update(DateTimeOffset time, IReadOnlyList<Finding> found)
    {
        // Between two updates that are far apart nothing is known: what was about to become a finding begins anew.
        if (time - _updated > Delay)
        {
            Remove(s => !s.HasLasted);
        }
        else if (time < _updated)
        {
            _streaks.Clear(); // the clock was set back
        }

        _updated = time;
        foreach (var finding in found)
        {
            if (!_streaks.TryGetValue(finding.Key, out var streak))
            {
                _streaks[finding.Key] = streak = new(time);
            }

            streak.Finding = finding;
            streak.LastSaid = time;
            streak.HasLasted |= time - streak.Since >= Delay;
        }

        Remove(s => s.LastSaid != time && (!s.HasLasted || time - s.LastSaid >= Delay));
        return [.. _streaks.Values.Where(s => s.HasLasted).Select(s => s.Finding! with { Since = s.Since })];
    }

    private void Remove(Func<Streak, bool> isGone)
    {
        foreach (var key in _streaks.Where(s => isGone(s.Value)).Select(s => s.Key).ToList())
        {
            _streaks.Remove(key);
        }
    }

    private sealed class Streak(DateTimeOffset since)
    {
        public DateTimeOffset Since { get; } = since;

        public DateTimeOffset LastSaid { get; set; }

        public bool HasLasted { get; set; }

        public Finding? Finding { get; set; }
    }
}
