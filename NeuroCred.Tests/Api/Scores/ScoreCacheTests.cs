using NeuroCred.Api.Scores;

namespace NeuroCred.Tests.Api.Scores;

/// <summary>What readers get from the score cache, and what it costs them when a replica has no Redis.</summary>
[StartsProcesses]
public sealed class ScoreCacheTests(TwoReplicas replicas, ITestOutputHelper output) : IClassFixture<TwoReplicas>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_replica_without_Redis_leaves_the_others_their_cache_and_no_read_is_behind_its_writes(bool refused)
    {
        const int Rounds = 40;
        await replicas.MendAsync();
        var wallets = await ComputeScoresAsync(20);
        await replicas.CutSecondOffAsync(refused);
        // On a busy machine a removal may take too long: then the cache is off for seconds, and the first round after that fills it again.
        var (rounds, counted, hits, isFilled) = (0, 0, 0, true);
        var began = Stopwatch.GetTimestamp();
        using var stop = new CancellationTokenSource();
        // Each write meets readers that are about to fill in the score before it.
        var filling = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ReadUntilAsync(wallets, stop.Token)));
        try
        {
            for (; counted < Rounds && Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(2); rounds++)
            {
                var before = await ReadFenceAsync();
                var written = wallets[rounds % wallets.Count];
                var computedAt = await TwoReplicas.ComputeAsync(replicas.Second, written);
                Assert.Equal(computedAt, (await TwoReplicas.ReadAsync(replicas.First, written)).ComputedAt);
                Assert.Equal(computedAt, (await TwoReplicas.ReadAsync(replicas.Second, written)).ComputedAt);
                var found = 0;
                foreach (var other in wallets.Where(wallet => wallet != written))
                {
                    found += (await TwoReplicas.ReadAsync(replicas.First, other)).FromCache ? 1 : 0;
                }

                var wasInUse = !before.Off && await ReadFenceAsync() == before;
                if (wasInUse && isFilled)
                {
                    (counted, hits) = (counted + 1, hits + found);
                }

                isFilled = wasInUse;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await filling;
            await replicas.MendAsync();
        }

        var reads = counted * (wallets.Count - 1);
        output.WriteLine($"{hits} of {reads} reads were hits, in {counted} of {rounds} rounds.");
        Assert.True(counted == Rounds, $"The cache was off, or empty, in {rounds - counted} of {rounds} rounds.");
        Assert.True(hits > 0.9 * reads, $"{hits} of {reads} reads were hits.");
    }

    [Fact]
    public async Task A_score_that_was_written_while_no_replica_had_Redis_is_what_is_read_when_they_have_it_again()
    {
        await replicas.MendAsync();
        var wallet = (await ComputeScoresAsync(1))[0];
        await replicas.CutBothOffAsync();

        var computedAt = await TwoReplicas.ComputeAsync(replicas.Second, wallet);
        Assert.Equal(computedAt, (await TwoReplicas.ReadAsync(replicas.First, wallet)).ComputedAt);
        await replicas.MendAsync();

        Assert.Equal(computedAt, (await TwoReplicas.ReadAsync(replicas.First, wallet)).ComputedAt);
        await WaitUntilCachedAsync(wallet);
        Assert.Equal(computedAt, (await TwoReplicas.ReadAsync(replicas.First, wallet)).ComputedAt);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_first_score_is_read_everywhere_at_once_however_many_readers_the_cache_told_that_there_is_none(bool writerHasRedis)
    {
        await replicas.MendAsync();
        if (!writerHasRedis)
        {
            await replicas.CutSecondOffAsync(refused: true);
        }

        try
        {
            for (var round = 0; round < 20; round++)
            {
                var wallet = Workload.AddressOf($"{Guid.NewGuid():N}");
                using var stop = new CancellationTokenSource();
                // The write meets readers that are about to fill in that there is no score.
                var asking = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => AskUntilAsync(wallet, stop.Token)));
                try
                {
                    await Until.HoldsAsync(
                        () => IsKnownToHaveNoneAsync(replicas.First, wallet),
                        TimeSpan.FromMinutes(2),
                        () => "The cache does not know that the wallet has no score."
                    );
                    using var none = await replicas.Second.GetAsync($"/api/score/{wallet}");
                    Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);

                    var computedAt = await TwoReplicas.ComputeAsync(replicas.Second, wallet);

                    Assert.Equal(computedAt, (await TwoReplicas.ReadAsync(replicas.First, wallet)).ComputedAt);
                    Assert.Equal(computedAt, (await TwoReplicas.ReadAsync(replicas.Second, wallet)).ComputedAt);
                }
                finally
                {
                    await stop.CancelAsync();
                    await asking;
                }
            }
        }
        finally
        {
            await replicas.MendAsync();
        }
    }

    [Fact]
    public async Task Reads_of_wallets_without_a_score_push_none_out_of_a_Redis_that_is_full()
    {
        await replicas.MendAsync();
        var wallets = await ComputeScoresAsync(50);
        var entries = await CountEntriesAsync();
        var memory = (await replicas.Redis.RunAsync("INFO", "memory"))
            .ToString()
            .Split("\r\n")
            .Single(line => line.StartsWith("used_memory:", StringComparison.Ordinal))["used_memory:".Length..];
        // Room for less than 3,000 entries, however small.
        await replicas.Redis.RunAsync("CONFIG", "SET", "maxmemory", long.Parse(memory) + 300_000);
        await replicas.Redis.RunAsync("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        try
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, 4000),
                new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation },
                async (i, _) =>
                {
                    using var none = await replicas.Second.GetAsync($"/api/score/{Workload.AddressOf($"nobody {i}")}");
                    Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
                }
            );

            // Of more than two minutes' worth, the first have expired.
            Assert.InRange(await CountEntriesAsync(), entries, entries + (3 * RedisScoreCache.NoScoresPerMinute));
            foreach (var wallet in wallets)
            {
                Assert.True((await TwoReplicas.ReadAsync(replicas.First, wallet)).FromCache);
            }
        }
        finally
        {
            await replicas.Redis.RunAsync("CONFIG", "SET", "maxmemory", 0);
        }
    }

    [Fact]
    public async Task What_a_killed_writer_asked_of_other_replicas_is_forgotten_though_nobody_asks_again()
    {
        await replicas.Postgres.RunAsync(
            "INSERT INTO score_cache_removals (epoch, address, asked_at, removed) VALUES (0, '', now() - interval '1 minute', true)"
        );

        await Until.HoldsAsync(
            async () => await replicas.Postgres.RunAsync("SELECT count(*) FROM score_cache_removals") is 0L,
            TimeSpan.FromMinutes(2),
            () => "It is still there."
        );
    }

    private static async Task<bool> IsKnownToHaveNoneAsync(GatewayClient replica, string wallet)
    {
        using var response = await replica.GetAsync($"/api/score/{wallet}");
        return response.StatusCode == HttpStatusCode.NotFound && response.Headers.GetValues("X-Cache").Single() == "HIT";
    }

    // Whoever was told the score is not told afterwards that there is none.
    private async Task AskUntilAsync(string wallet, CancellationToken stop)
    {
        for (var found = false; !stop.IsCancellationRequested; )
        {
            using var response = await replicas.First.GetAsync($"/api/score/{wallet}");
            Assert.True(!found || response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode} after the score was read.");
            found = response.StatusCode == HttpStatusCode.OK;
        }
    }

    private async Task ReadUntilAsync(IReadOnlyList<string> wallets, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            await TwoReplicas.ReadAsync(replicas.First, wallets[i % wallets.Count]);
        }
    }

    // A busy replica answers before it has filled the cache.
    private Task WaitUntilCachedAsync(string wallet) =>
        Until.HoldsAsync(
            async () => (await TwoReplicas.ReadAsync(replicas.First, wallet)).FromCache,
            TimeSpan.FromMinutes(2),
            () => $"{wallet} is not in the cache."
        );

    // Wallets whose scores are in the cache.
    private async Task<IReadOnlyList<string>> ComputeScoresAsync(int count)
    {
        List<string> wallets = [.. Enumerable.Range(0, count).Select(_ => Workload.AddressOf($"{Guid.NewGuid():N}"))];
        foreach (var wallet in wallets)
        {
            await TwoReplicas.ComputeAsync(replicas.First, wallet);
            await WaitUntilCachedAsync(wallet);
        }

        return wallets;
    }

    private async Task<(long Epoch, bool Off)> ReadFenceAsync() =>
        (
            (long)(await replicas.Postgres.RunAsync("SELECT epoch FROM score_cache_fence"))!,
            (bool)(await replicas.Postgres.RunAsync("SELECT off FROM score_cache_fence"))!
        );

    private async Task<long> CountEntriesAsync() =>
        (long)await replicas.Redis.RunAsync("EVAL", "return #redis.call('KEYS', 'neurocred:score:*')", 0);
}
