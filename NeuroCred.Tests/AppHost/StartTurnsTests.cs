using NeuroCred.AppHost.Supervision;

namespace NeuroCred.Tests.AppHost;

public sealed class StartTurnsTests : IDisposable
{
    // Of real time, in which nothing here waits for anything but the other.
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new();
    private readonly StartTurns _turns;
    private readonly List<string> _started = [];

    public StartTurnsTests() => _turns = new(_clock);

    public void Dispose() => _turns.Dispose();

    [Fact]
    public async Task Of_two_that_ended_together_the_second_is_started_when_the_first_answers()
    {
        var answer = new TaskCompletionSource<LivenessResult>();
        var first = StartAsync("first", () => answer.Task, Cancellation);
        var second = StartAsync("second", Answered, Cancellation);
        Assert.Equal(["first"], _started);

        answer.SetResult(new(LivenessOutcome.Answered));

        await Task.WhenAll(first, second);
        Assert.Equal(["first", "second"], _started);
    }

    [Fact]
    public async Task One_that_never_answers_keeps_the_next_waiting_for_three_seconds_and_not_for_ever()
    {
        var begun = _clock.GetUtcNow();
        _ = StartAsync("first", Refused, Cancellation);
        var second = StartAsync("second", Answered, Cancellation);

        await Until.HoldsAsync(
            () =>
            {
                if (!second.IsCompleted)
                {
                    _clock.Advance(TimeSpan.FromMilliseconds(50));
                }

                return second.IsCompleted;
            },
            s_deadline,
            () => "The second was not started."
        );

        Assert.True(_clock.GetUtcNow() - begun >= TimeSpan.FromSeconds(3));
        Assert.Equal(["first", "second"], _started);
    }

    [Fact]
    public async Task One_that_could_not_be_started_does_not_keep_the_next_waiting_and_is_tried_again_later()
    {
        var later = new Restart(TimeSpan.FromSeconds(30), InARow: 2);

        Assert.Equal(later, await StartAsync("first", Refused, Cancellation, later));

        Assert.Null(await StartAsync("second", Answered, Cancellation));
        Assert.Equal(["first", "second"], _started);
    }

    [Fact]
    public async Task One_that_ends_again_does_not_keep_the_next_waiting()
    {
        using var ended = new CancellationTokenSource();
        Assert.Null(await StartAsync("first", Refused, ended.Token));
        var second = StartAsync("second", Answered, Cancellation);
        Assert.Equal(["first"], _started);

        await ended.CancelAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(50));

        Assert.Null(await second);
        Assert.Equal(["first", "second"], _started);
    }

    [Fact]
    public async Task One_that_was_started_three_seconds_ago_is_not_asked()
    {
        Assert.Null(await StartAsync("first", () => throw new InvalidOperationException("It was asked."), Cancellation));

        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Null(await StartAsync("second", Answered, Cancellation));
    }

    // One that is kept waiting for ever fails its test, and does not keep the others from running.
    private Task<Restart?> StartAsync(
        string name,
        Func<Task<LivenessResult>> probe,
        CancellationToken cancellationToken,
        Restart? again = null
    ) =>
        _turns
            .StartAsync(
                () =>
                {
                    _started.Add(name);
                    return Task.FromResult(again);
                },
                Check(probe),
                cancellationToken
            )
            .WaitAsync(s_deadline, CancellationToken.None);

    private static LivenessCheck Check(Func<Task<LivenessResult>> probe) =>
        new(LivenessTimes.Of(new BalancingPolicy()), _ => new Probe(probe));

    private static Task<LivenessResult> Answered() => Task.FromResult(new LivenessResult(LivenessOutcome.Answered));

    private static Task<LivenessResult> Refused() => Task.FromResult(new LivenessResult(LivenessOutcome.Refused));

    private sealed class Probe(Func<Task<LivenessResult>> ask) : ILivenessProbe
    {
        public Task<LivenessResult> ProbeAsync(CancellationToken cancellationToken) => ask();
    }
}
