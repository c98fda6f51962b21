using NeuroCred.Api.RateLimiting;
using NeuroCred.Tests.Api.Redis;
using static NeuroCred.Tests.Api.RateLimiting.LimitedReplica;

namespace NeuroCred.Tests.Api.RateLimiting;

/// <summary>What clients may send to two replicas that share a Redis.</summary>
[StartsProcesses]
public sealed class SharedRateLimitTests : IAsyncLifetime
{
    // A token comes back every twelve seconds: none during a test that is not late.
    private static readonly RateLimits s_few = new() { Scores = new("scores", 5) };

    private RedisServer _redis = null!;

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync();

    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    [Fact]
    public async Task Replicas_share_what_a_client_may_send_and_clients_do_not()
    {
        await using var one = await LimitedReplica.StartAsync(s_few, _redis.Port);
        await using var other = await LimitedReplica.StartAsync(s_few, _redis.Port);
        var answered = 0;

        // As below: once more where a replica counted alone.
        await Until.HoldsAsync(
            async () =>
            {
                var begun = Stopwatch.StartNew();
                var client = Guid.NewGuid().ToString("N");
                answered =
                    await CountAnsweredAsync(3, () => one.ComputeScoreAsync(client))
                    + await CountAnsweredAsync(6, () => other.ComputeScoreAsync(client));
                Assert.True(answered >= 5, $"{answered} were answered.");
                return answered <= 5 + (int)(begun.Elapsed / s_few.Scores.Interval);
            },
            TimeSpan.FromMinutes(2),
            () => $"{answered} were answered."
        );
        using var otherClient = await other.ComputeScoreAsync("another lender");
        Assert.Equal("\"scores\";r=4;t=12", RateLimitTests.Header(otherClient, "RateLimit"));
    }

    [Fact]
    public async Task Of_many_requests_at_once_as_many_are_answered_as_the_limit_says()
    {
        var limits = new RateLimits { Reads = new("reads", 100) };
        await using var one = await LimitedReplica.StartAsync(limits, _redis.Port);
        await using var other = await LimitedReplica.StartAsync(limits, _redis.Port);
        var answered = 0;

        // Where Redis, on a machine that has other work too, is later than a replica waits, that one counts alone: then once more, as
        // another client.
        await Until.HoldsAsync(
            async () =>
            {
                var begun = Stopwatch.StartNew();
                var client = Guid.NewGuid().ToString("N");
                var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => (i % 2 == 0 ? one : other).ReadAsync(client)));
                answered = answers.Count(answer => answer.StatusCode == HttpStatusCode.OK);
                Assert.Equal(300 - answered, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
                Array.ForEach(answers, answer => answer.Dispose());
                Assert.True(answered >= 100, $"{answered} were answered.");
                return answered <= 100 + (int)(begun.Elapsed / limits.Reads.Interval);
            },
            TimeSpan.FromMinutes(2),
            () => $"{answered} were answered."
        );
    }

    [Fact]
    public async Task A_request_sent_to_the_other_replica_when_it_was_told_to_succeeds()
    {
        var limits = new RateLimits { Reads = new("reads", 60) };
        await using var one = await LimitedReplica.StartAsync(limits, _redis.Port);
        await using var other = await LimitedReplica.StartAsync(limits, _redis.Port);
        HttpResponseMessage refused;
        for (refused = await one.ReadAsync(); refused.StatusCode == HttpStatusCode.OK; refused = await one.ReadAsync())
        {
            refused.Dispose();
        }

        await Task.Delay(refused.Headers.RetryAfter!.Delta!.Value, Cancellation);
        using var again = await other.ReadAsync();

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        refused.Dispose();
    }

    [Fact]
    public async Task Of_the_many_reads_of_a_client_few_ask_Redis()
    {
        await using var replica = await LimitedReplica.StartAsync(new(), _redis.Port);

        Assert.Equal(200, await CountAnsweredAsync(200, () => replica.ReadAsync()));

        Assert.InRange(await _redis.CountCommandsAsync("evalsha") + await _redis.CountCommandsAsync("eval"), 1, 40);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_Redis_each_replica_counts_alone_and_no_request_fails_or_waits_for_long(bool hangs)
    {
        await using var one = await LimitedReplica.StartAsync(s_few, _redis.Port);
        await using var other = await LimitedReplica.StartAsync(s_few, _redis.Port);
        Assert.Equal(2, await CountAnsweredAsync(2, () => one.ComputeScoreAsync()));

        _redis.Signal(hangs ? UnixSignal.Stop : UnixSignal.Kill);
        var begun = Stopwatch.StartNew();
        var answeredByOne = await CountAnsweredAsync(8, () => one.ComputeScoreAsync());
        var answeredByOther = await CountAnsweredAsync(8, () => other.ComputeScoreAsync());

        // 150 ms for the first request of each, on a machine that has other work, too.
        Assert.InRange(begun.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        var back = (int)(begun.Elapsed / s_few.Scores.Interval);
        Assert.InRange(answeredByOne, 3, 3 + back);
        Assert.InRange(answeredByOther, 5, 5 + back);
    }

    [Fact]
    public async Task When_Redis_is_back_the_replicas_share_again()
    {
        var limits = new RateLimits { Scores = new("scores", 10) };
        await using var one = await LimitedReplica.StartAsync(limits, _redis.Port);
        await using var other = await LimitedReplica.StartAsync(limits, _redis.Port);
        _redis.Signal(UnixSignal.Stop);
        using (var alone = await one.ComputeScoreAsync("first"))
        {
            Assert.Equal(HttpStatusCode.OK, alone.StatusCode);
        }

        _redis.Signal(UnixSignal.Continue);
        for (var attempt = 0; ; attempt++)
        {
            Assert.InRange(attempt, 0, 200);
            var client = $"client {attempt}";
            using var here = await one.ComputeScoreAsync(client);
            using var there = await other.ComputeScoreAsync(client);
            if (RateLimitTests.Header(there, "RateLimit").Contains("r=8", StringComparison.Ordinal))
            {
                return;
            }

            await Task.Delay(50, Cancellation);
        }
    }
}
