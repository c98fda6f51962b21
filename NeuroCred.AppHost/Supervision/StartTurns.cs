namespace NeuroCred.AppHost.Supervision;

/// <summary>
/// Has replicas that ended together started one after the other. Three that start at once on two processors serve after 4 s; the first of
/// them alone serves after 2 s, and clients wait for that one.
/// </summary>
internal sealed class StartTurns(TimeProvider timeProvider) : IDisposable
{
    // One that never comes to serve must not keep the others from it.
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _turn = new(1);
    private Started? _last;

    /// <summary>Starts one as soon as the one that was started before it answers, has ended, or has had 3 s for it.</summary>
    /// <param name="start">Starts it. Returns when to try again, or null.</param>
    /// <param name="liveness">How the next one asks whether this one answers.</param>
    /// <param name="ended">Cancelled when it has ended again, or the supervision does.</param>
    /// <returns>When to try again, or null.</returns>
    internal async Task<Restart?> StartAsync(Func<Task<Restart?>> start, LivenessCheck liveness, CancellationToken ended)
    {
        await _turn.WaitAsync(ended);
        try
        {
            if (_last is { } last)
            {
                await WaitUntilAnsweringAsync(last, ended);
            }

            var again = await start();
            _last = again is null ? new(liveness, timeProvider.GetTimestamp(), ended) : null;
            return again;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    // Asked by the one that waits: while none does, nobody needs to know.
    private async Task WaitUntilAnsweringAsync(Started last, CancellationToken cancellationToken)
    {
        var probe = last.Liveness.CreateProbe(timeProvider);
        using var disposable = probe as IDisposable;
        while (
            !last.Ended.IsCancellationRequested
            && timeProvider.GetElapsedTime(last.At) < s_longest
            && (await probe.ProbeAsync(cancellationToken)).Outcome is not LivenessOutcome.Answered
        )
        {
            await Task.Delay(s_interval, timeProvider, cancellationToken);
        }
    }

    private sealed record Started(LivenessCheck Liveness, long At, CancellationToken Ended);
}
