namespace NeuroCred.AppHost.Supervision;

/// <summary>A question that must be answered in time.</summary>
/// <param name="question">What is asked, as a log names it.</param>
/// <param name="timeout">How long an answer may take.</param>
/// <param name="timeProvider">The clock.</param>
internal abstract class TimedProbe(string question, TimeSpan timeout, TimeProvider timeProvider) : ILivenessProbe
{
    /// <summary>
    /// How late a probe may learn that there was no answer. One that learns it later was not running in time to receive an answer either:
    /// the AppHost was suspended, or starved.
    /// </summary>
    private static readonly TimeSpan s_tolerance = TimeSpan.FromMilliseconds(250);

    /// <summary>What is asked.</summary>
    protected string Question => question;

    public async Task<LivenessResult> ProbeAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, timeProvider);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var asked = timeProvider.GetTimestamp();
        var result = await AskInTimeAsync(ending.Token);
        cancellationToken.ThrowIfCancellationRequested();
        return result.Outcome == LivenessOutcome.Missed && timeProvider.GetElapsedTime(asked) > timeout + s_tolerance
            ? new(LivenessOutcome.Void)
            : result;
    }

    /// <summary>Asks, on a connection of its own: one that is kept would tell nothing of those that clients make now.</summary>
    protected abstract Task<LivenessResult> AskAsync(CancellationToken cancellationToken);

    private async Task<LivenessResult> AskInTimeAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Not every client's library notices the cancellation at once.
            return await AskAsync(cancellationToken).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return new(LivenessOutcome.Missed, $"did not answer {question} within {timeout.TotalSeconds:0.###} s");
        }
    }
}
