using NeuroCred.Balancer.Policy;

namespace NeuroCred.AppHost.Supervision;

/// <summary>
/// Decides, from the probes of one process, whether it hangs. It counts probes instead of looking at a clock: whatever suspends the
/// AppHost (a closed lid, a debugger) then suspends the count as well.
/// </summary>
/// <param name="probe">How the process is probed.</param>
/// <param name="leaving">How long a process that was told to stop may take to leave.</param>
internal sealed class LivenessDecisions(ProbePolicy probe, TimeSpan leaving)
{
    /// <summary>How long a process may take until it answers for the first time.</summary>
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(30);

    private bool _hasAnswered;

    /// <summary>The misses in a row.</summary>
    internal int Misses { get; private set; }

    /// <summary>Takes note of a probe's outcome.</summary>
    /// <returns>Whether the process hangs.</returns>
    internal bool OnProbe(ProbeOutcome outcome)
    {
        switch (outcome)
        {
            case ProbeOutcome.Answered:
                _hasAnswered = true;
                Misses = 0;
                return false;
            case ProbeOutcome.Missed:
                return ++Misses >= (_hasAnswered ? probe.UnhealthyThreshold : Patience(s_start));
            case ProbeOutcome.Refused:
                // One that closed its port may be finishing what it has, and holds up nobody: nginx asks another one at once.
                return ++Misses >= (_hasAnswered ? probe.UnhealthyThreshold + Patience(leaving) : Patience(s_start));
            default:
                return false;
        }
    }

    private int Patience(TimeSpan time) => Math.Max(probe.UnhealthyThreshold, (int)Math.Ceiling(time / probe.Interval));
}
