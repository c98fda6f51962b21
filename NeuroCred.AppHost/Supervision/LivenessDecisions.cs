namespace NeuroCred.AppHost.Supervision;

/// <summary>
/// Decides, from the probes of a process that has answered before, whether it hangs. It counts probes instead of looking at a clock:
/// whatever suspends the AppHost (a closed lid, a debugger) then suspends the count as well.
/// </summary>
/// <param name="times">When it hangs.</param>
internal sealed class LivenessDecisions(LivenessTimes times)
{
    /// <summary>How long a process that works may leave probes unanswered: killing what an overloaded machine slows down would load it
    /// more.</summary>
    private static readonly TimeSpan s_overload = TimeSpan.FromSeconds(10);

    private int _silent;

    /// <summary>The misses in a row.</summary>
    internal int Misses { get; private set; }

    /// <summary>Takes note of a probe's outcome.</summary>
    /// <returns>Whether the process hangs.</returns>
    internal bool OnProbe(LivenessOutcome outcome)
    {
        switch (outcome)
        {
            case LivenessOutcome.Answered:
                (Misses, _silent) = (0, 0);
                return false;
            case LivenessOutcome.Missed:
                return Miss(++_silent >= times.Misses ? 0 : ExtraMisses(s_overload));
            case LivenessOutcome.Busy:
                _silent = 0;
                return Miss(ExtraMisses(s_overload));
            case LivenessOutcome.Refused:
                // One that closed its port may be finishing what it has, and holds up nobody: nginx asks another one at once.
                return Miss(ExtraMisses(times.Leaving));
            default:
                return false;
        }
    }

    private bool Miss(int extra) => ++Misses >= times.Misses + extra;

    private int ExtraMisses(TimeSpan time) => (int)Math.Ceiling(time / times.Interval);
}
