using NeuroCred.AppHost.Supervision;

namespace NeuroCred.Tests.AppHost;

public sealed class LivenessWatchTests
{
    private static readonly LivenessTimes s_replica = LivenessTimes.Of(new BalancingPolicy());

    private readonly FakeTimeProvider _clock = new();

    private bool _answered;

    // One step after another, on whichever thread: time goes on when nothing is under way.
    private readonly TaskScheduler _inTurn = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;

    [Fact]
    public async Task A_replica_that_hangs_just_after_an_answer_is_found_out_within_three_and_a_half_seconds()
    {
        var begun = _clock.GetUtcNow();
        var replica = new HangingServer(_clock, s_replica.Timeout, answers: 1);
        var hung = await WatchAsync(replica, s_replica);

        await AdvanceUntilAsync(hung, TimeSpan.FromSeconds(10));

        // The first probe, answered, is sent at once.
        Assert.Equal(TimeSpan.FromSeconds(3.5), _clock.GetUtcNow() - begun);
        Assert.Equal([0, 1, 2, 3], replica.Probes.Select(p => (p - begun).TotalSeconds));
    }

    [Theory]
    [InlineData("redis", 5, 8)]
    [InlineData("postgres", 10, 16)]
    public async Task A_dependency_that_stands_still_for_a_while_is_left_alone_and_one_that_hangs_is_found_out(
        string dependency,
        int seconds,
        int atMost
    )
    {
        var times = dependency == "redis" ? LivenessTimes.Redis : LivenessTimes.Postgres;
        var server = new HangingServer(_clock, times.Timeout, answers: 1);
        var hung = await WatchAsync(server, times);

        // It answers, and hangs from then on.
        Assert.Single(server.Probes);
        Assert.True(_answered);

        await AdvanceUntilAsync(hung, TimeSpan.FromSeconds(seconds));
        Assert.False(hung.IsCompleted);

        await AdvanceUntilAsync(hung, TimeSpan.FromSeconds(atMost - seconds));
        Assert.True(hung.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_replica_that_is_only_slowed_down_is_given_time()
    {
        // A tenth of a processor is all that the machine has left for it.
        var begun = _clock.GetUtcNow();
        var hung = await WatchAsync(
            new HangingServer(_clock, s_replica.Timeout, answers: 1),
            s_replica,
            () => (_clock.GetUtcNow() - begun) / 10
        );

        await AdvanceUntilAsync(hung, TimeSpan.FromSeconds(10));

        Assert.False(hung.IsCompleted);
    }

    [Theory]
    [InlineData(nameof(LivenessOutcome.Missed))]
    [InlineData(nameof(LivenessOutcome.Refused))]
    public async Task A_replica_that_starts_has_half_a_minute_until_it_answers(string outcome)
    {
        var hung = await WatchAsync(new StartingServer(Enumerable.Repeat(Enum.Parse<LivenessOutcome>(outcome), 1000)), s_replica);

        await AdvanceUntilAsync(hung, TimeSpan.FromSeconds(28));
        Assert.False(hung.IsCompleted);

        await AdvanceUntilAsync(hung, TimeSpan.FromSeconds(3));
        Assert.Equal($"{outcome}, and has not answered since its start", await hung);
        Assert.False(_answered);
    }

    [Fact]
    public async Task A_replica_that_hangs_half_a_second_after_it_listens_is_found_out_as_soon_as_any_other()
    {
        var begun = _clock.GetUtcNow();
        var refusals = Enumerable.Repeat(LivenessOutcome.Refused, 6);
        var hung = await WatchAsync(
            new StartingServer([.. refusals, LivenessOutcome.Answered, .. Enumerable.Repeat(LivenessOutcome.Missed, 1000)]),
            s_replica
        );

        await AdvanceUntilAsync(hung, TimeSpan.FromSeconds(10));

        Assert.InRange(_clock.GetUtcNow() - begun, TimeSpan.Zero, TimeSpan.FromSeconds(1.2 + 3.5));
    }

    [Fact]
    public async Task Postgres_has_the_time_that_its_first_start_takes_until_it_answers()
    {
        var hung = await WatchAsync(new StartingServer(Enumerable.Repeat(LivenessOutcome.Refused, 10_000)), LivenessTimes.Postgres);

        await AdvanceUntilAsync(hung, TimeSpan.FromMinutes(9));

        Assert.False(hung.IsCompleted);
    }

    [Fact]
    public async Task The_reason_tells_what_was_wrong_and_how_often()
    {
        var hung = await WatchAsync(new HangingServer(_clock, s_replica.Timeout, answers: 2), s_replica);

        await AdvanceUntilAsync(hung, TimeSpan.FromSeconds(10));

        Assert.Equal("did not answer, the last of 3 misses in a row", await hung);
    }

    [Fact]
    public async Task A_replica_that_answers_is_probed_until_the_end()
    {
        using var end = new CancellationTokenSource();
        var hung = await WatchAsync(
            new HangingServer(_clock, s_replica.Timeout, answers: int.MaxValue),
            s_replica,
            cancellationToken: end.Token
        );

        await AdvanceUntilAsync(hung, TimeSpan.FromSeconds(60));
        Assert.False(hung.IsCompleted);

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hung);
    }

    private Task<Task<string>> WatchAsync(
        ILivenessProbe probe,
        LivenessTimes times,
        Func<TimeSpan>? getProcessorTime = null,
        CancellationToken? cancellationToken = null
    ) =>
        InTurnAsync(() =>
            new LivenessWatch(probe, getProcessorTime ?? (() => TimeSpan.Zero), () => _answered = true, times, _clock).WaitUntilHungAsync(
                cancellationToken ?? Cancellation
            )
        );

    /// <summary>Lets time pass in steps of 0.1 s, and what waits for each take its turn.</summary>
    private Task AdvanceUntilAsync(Task done, TimeSpan atMost) =>
        InTurnAsync(async () =>
            {
                for (var end = _clock.GetUtcNow() + atMost; !done.IsCompleted && _clock.GetUtcNow() < end; )
                {
                    _clock.Advance(TimeSpan.FromMilliseconds(100));
                    for (var i = 0; i < 50 && !done.IsCompleted; i++)
                    {
                        await Task.Yield();
                    }
                }
            })
            .Unwrap();

    private Task<T> InTurnAsync<T>(Func<T> step) => Task.Factory.StartNew(step, Cancellation, TaskCreationOptions.None, _inTurn);

    private sealed class StartingServer(IEnumerable<LivenessOutcome> outcomes) : ILivenessProbe
    {
        private readonly Queue<LivenessOutcome> _outcomes = new(outcomes);

        public Task<LivenessResult> ProbeAsync(CancellationToken cancellationToken)
        {
            var outcome = _outcomes.Dequeue();
            return Task.FromResult(new LivenessResult(outcome, outcome.ToString()));
        }
    }

    private sealed class HangingServer(TimeProvider clock, TimeSpan timeout, int answers) : ILivenessProbe
    {
        public List<DateTimeOffset> Probes { get; } = [];

        public async Task<LivenessResult> ProbeAsync(CancellationToken cancellationToken)
        {
            Probes.Add(clock.GetUtcNow());
            if (Probes.Count <= answers)
            {
                return new(LivenessOutcome.Answered);
            }

            await Task.Delay(timeout, clock, cancellationToken);
            return new(LivenessOutcome.Missed, "did not answer");
        }
    }
}
