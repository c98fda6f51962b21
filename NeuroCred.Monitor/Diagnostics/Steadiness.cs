using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Diagnostics;

/// <summary>Makes findings of what lasts: a moment's doubt neither raises one nor takes it away.</summary>
/// <param name="window">What is judged over. Who looks at a shorter one wants to know sooner.</param>
internal sealed class Steadiness(TimeSpan window)
{
    // Longer than a killed replica takes to be back, and than one look differs from the next.
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, Streak> _streaks = new(StringComparer.Ordinal);
    private DateTimeOffset _lookedAt;

    /// <summary>How long something must be said without a break before it is a finding, and not be said before it is none.</summary>
    private TimeSpan Patience { get; } = window < s_longest ? window : s_longest;

    /// <summary>Takes note of one look.</summary>
    /// <param name="time">When. Later than the time before.</param>
    /// <param name="candidates">What the rules said.</param>
    /// <returns>What is a finding now.</returns>
    public IReadOnlyList<Finding> Look(DateTimeOffset time, IReadOnlyList<Candidate> candidates)
    {
        // Of what lies between two looks that are far apart nothing is known: what was about to become a finding begins anew.
        if (time - _lookedAt > Patience)
        {
            Remove(s => !s.IsFinding);
        }

        _lookedAt = time;
        foreach (var candidate in candidates)
        {
            if (!_streaks.TryGetValue(candidate.Key, out var streak))
            {
                _streaks[candidate.Key] = streak = new(time);
            }

            streak.Candidate = candidate;
            streak.LastSaid = time;
            streak.IsFinding |= time - streak.Since >= Patience;
        }

        Remove(s => s.LastSaid != time && (!s.IsFinding || time - s.LastSaid >= Patience));
        return [.. _streaks.Values.Where(s => s.IsFinding).Select(s => s.Candidate!.Since(s.Since))];
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

        public bool IsFinding { get; set; }

        public Candidate? Candidate { get; set; }
    }
}
