namespace NeuroCred.AppHost.Supervision;

/// <summary>Probes one process until it hangs.</summary>
/// <param name="probe">The probe.</param>
/// <param name="getProcessorTime">How much processor time the process has used so far.</param>
/// <param name="onFirstAnswer">Told once the process has answered: what hangs before is found out much later.</param>
/// <param name="times">When it is taken to hang.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class LivenessWatch(
    ILivenessProbe probe,
    Func<TimeSpan> getProcessorTime,
    Action onFirstAnswer,
    LivenessTimes times,
    TimeProvider timeProvider
)
{
    /// <summary>What is used during an unanswered probe by a process that works, however little the machine lets it. One that waits for
    /// ever uses next to nothing.</summary>
    private static readonly TimeSpan s_work = TimeSpan.FromMilliseconds(20);

    /// <summary>From one question to the next until somebody listens.</summary>
    private static readonly TimeSpan s_refusedInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until the process hangs.</summary>
    /// <returns>What was wrong, as the end of a sentence about the resource.</returns>
    internal async Task<string> WaitUntilHungAsync(CancellationToken cancellationToken)
    {
        if (await WaitForFirstAnswerAsync(cancellationToken) is { } silent)
        {
            return $"{silent.Reason}, and has not answered since its start";
        }

        onFirstAnswer();
        var decisions = new LivenessDecisions(times);

        // A steady beat, whatever a probe takes: a replica that hangs just after an answer is found out after
        // threshold x interval + timeout, and not after threshold x (interval + timeout).
        using var beat = new PeriodicTimer(times.Interval, timeProvider);

        while (await beat.WaitForNextTickAsync(cancellationToken))
        {
            // Asked only once something is wrong: it takes a look at every process of the machine.
            var before = decisions.Misses > 0 ? getProcessorTime() : (TimeSpan?)null;
            var result = await probe.ProbeAsync(cancellationToken);
            var isBusy = result.Outcome == LivenessOutcome.Missed && getProcessorTime() - before >= s_work;
            if (decisions.OnProbe(isBusy ? LivenessOutcome.Busy : result.Outcome))
            {
                return $"{result.Reason}, the last of {decisions.Misses} misses in a row";
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }

    /// <returns>The last result when it did not answer in the time that a start may take.</returns>
    private async Task<LivenessResult?> WaitForFirstAnswerAsync(CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; ; )
        {
            var beat = Task.Delay(times.Interval, timeProvider, cancellationToken);
            var result = await probe.ProbeAsync(cancellationToken);
            var isRefused = result.Outcome == LivenessOutcome.Refused;
            switch (result.Outcome)
            {
                case LivenessOutcome.Answered:
                    return null;
                case LivenessOutcome.Void:
                    break;
                default:
                    waited += isRefused ? s_refusedInterval : times.Interval;
                    break;
            }

            if (waited >= times.Start)
            {
                return result;
            }

            await (isRefused ? Task.Delay(s_refusedInterval, timeProvider, cancellationToken) : beat);
        }
    }
}
