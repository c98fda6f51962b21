namespace NeuroCred.AppHost.Supervision;

/// <summary>
/// Has replicas that ended together started one after the other. Three that start at once on two processors serve after 4 s; the first of
/// them alone serves after 2 s, and clients wait for that one.
/// </summary>
/// <param name="timeProvider">The clock.</param>
internal sealed class StartTurns(TimeProvider timeProvider) : IDisposable
{
    // One that never comes to serve must not keep the others from it.
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Waits for its turn, starts one, and ends the turn when that answers.</summary>
    /// <param name="start">Starts it. Returns when to try again, or null.</param>
    /// <param name="liveness">How it is asked whether it answers.</param>
    /// <param name="cancellationToken">Ends the turn: it has ended again, or the supervision does.</param>
    /// <returns>When to try again, or null.</returns>
    internal async Task<Restart?> StartAsync(Func<Task<Restart?>> start, LivenessCheck liveness, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (await start() is { } again)
            {
                return again;
            }

            await WaitUntilAnsweringAsync(liveness, cancellationToken);
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task WaitUntilAnsweringAsync(LivenessCheck liveness, CancellationToken cancellationToken)
    {
        var probe = liveness.CreateProbe(liveness.Times, timeProvider);
        using var disposable = probe as IDisposable;
        for (
            var begun = timeProvider.GetTimestamp();
            timeProvider.GetElapsedTime(begun) < s_longest
                && (await probe.ProbeAsync(cancellationToken)).Outcome is not LivenessOutcome.Answered;

        )
        {
            await Task.Delay(s_interval, timeProvider, cancellationToken);
        }
    }
}
