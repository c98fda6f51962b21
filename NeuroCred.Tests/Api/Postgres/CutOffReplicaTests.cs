using NeuroCred.Api.Idempotency;
using NeuroCred.Api.Security;
using NeuroCred.Tests.Telemetry;
using Npgsql;

namespace NeuroCred.Tests.Api.Postgres;

/// <summary>What the clients of one replica see, without a gateway that would ask others, while it is cut off from Postgres or its
/// connections break.</summary>
[Collection(MeasuredTests.Name)]
[StartsProcesses]
public sealed class CutOffReplicaTests(PostgresServer postgres, ITestOutputHelper output) : IClassFixture<PostgresServer>, IAsyncLifetime
{
    private const int RequestsPerSecond = 50;

    // How long a fault may go unnoticed, and how long its end may, on a busy machine: a quiet one needs less than half of it.
    private static readonly TimeSpan s_notice = TimeSpan.FromMilliseconds(2500);
    private static readonly TimeSpan s_recovery = TimeSpan.FromMilliseconds(2500);

    // An answer that waits for nothing, on a machine that is busy with other tests.
    private static readonly TimeSpan s_atOnce = TimeSpan.FromSeconds(1);

    private NetworkCut _network = null!;
    private ProgramProcess _replica = null!;

    public async ValueTask InitializeAsync()
    {
        _network = new(postgres.Port);
        _replica = await ApiProgram.StartForLoadAsync("api-1", PostgresServer.ConnectionStringOn(_network.Port));
    }

    public async ValueTask DisposeAsync()
    {
        await _replica.DisposeAsync();
        await _network.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_replica_that_is_cut_off_says_503_at_once_and_serves_soon_after_its_return(bool refused)
    {
        long cut = 0,
            mended = 0;
        var outcomes = await CallWhileAsync(async () =>
        {
            cut = Stopwatch.GetTimestamp();
            await _network.CutAsync(refused);
            await PassAsync(TimeSpan.FromSeconds(4));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadinessAsync());
            mended = Stopwatch.GetTimestamp();
            _network.Mend();
            await PassAsync(TimeSpan.FromSeconds(3));
            Assert.Equal(HttpStatusCode.OK, await ReadinessAsync());
        });

        Phases.Report(
            output,
            outcomes,
            ("before", 0),
            ("cut", cut),
            ("noticed", After(cut, s_notice)),
            ("mended", mended),
            ("normal", After(mended, s_recovery))
        );
        AssertRefusedAtMost(outcomes, cut, mended);
        Assert.All(outcomes.Where(o => o.Due > cut), o => Assert.True(o.Latency < s_notice, o.ToString()));
        // What was due a moment before the return may be answered after it.
        Assert.All(
            outcomes.Where(o => o.Due > After(cut, s_notice) && o.Due < mended),
            o => Assert.True(o.Latency < s_atOnce && (o.Failed || After(o.Due, o.Latency) > mended), o.ToString())
        );
        await StoredWrites.AssertStoredOnceAsync(postgres.ConnectionString, outcomes);
    }

    [Fact]
    public async Task Postgres_restarted_costs_nothing_soon_after_its_return()
    {
        long stopped = 0,
            back = 0;
        var outcomes = await CallWhileAsync(async () =>
        {
            stopped = Stopwatch.GetTimestamp();
            await postgres.StopAsync();
            await PassAsync(TimeSpan.FromSeconds(2));
            await postgres.StartAsync();
            back = Stopwatch.GetTimestamp();
            await PassAsync(TimeSpan.FromSeconds(3));
        });

        Phases.Report(output, outcomes, ("before", 0), ("stopped", stopped), ("back", back), ("normal", After(back, s_recovery)));
        AssertRefusedAtMost(outcomes, stopped, back);
        await StoredWrites.AssertStoredOnceAsync(postgres.ConnectionString, outcomes);
    }

    [Fact]
    public async Task Postgres_frozen_for_five_seconds_costs_nothing_soon_after_it_goes_on()
    {
        long frozen = 0,
            thawed = 0;
        var outcomes = await CallWhileAsync(async () =>
        {
            frozen = Stopwatch.GetTimestamp();
            postgres.Freeze();
            try
            {
                await PassAsync(TimeSpan.FromSeconds(5));
            }
            finally
            {
                postgres.Thaw();
            }

            thawed = Stopwatch.GetTimestamp();
            await PassAsync(TimeSpan.FromSeconds(3));
        });

        Phases.Report(
            output,
            outcomes,
            ("before", 0),
            ("frozen", frozen),
            ("noticed", After(frozen, s_notice)),
            ("thawed", thawed),
            ("normal", After(thawed, s_recovery))
        );
        AssertRefusedAtMost(outcomes, frozen, thawed);
        Assert.All(outcomes.Where(o => o.Due > frozen), o => Assert.True(o.Latency < s_notice, o.ToString()));
        await StoredWrites.AssertStoredOnceAsync(postgres.ConnectionString, outcomes);
    }

    [Fact]
    public async Task A_Postgres_that_takes_no_writes_is_one_that_cannot_serve()
    {
        await postgres.RunAsync("ALTER SYSTEM SET default_transaction_read_only = on");
        await postgres.RunAsync("SELECT pg_reload_conf()");
        try
        {
            await Until.HoldsAsync(
                async () => await ReadinessAsync() == HttpStatusCode.ServiceUnavailable,
                TimeSpan.FromMinutes(1),
                () => "The replica is ready."
            );
            using var client = new GatewayClient(_replica.Address);
            using var refused = await client.ComputeScoreAsync(Workload.AddressOf("nobody"), Guid.NewGuid().ToString("N"));
            Assert.Equal(
                (HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(1)),
                (refused.StatusCode, refused.Headers.RetryAfter?.Delta)
            );
        }
        finally
        {
            await postgres.RunAsync("ALTER SYSTEM RESET default_transaction_read_only");
            await postgres.RunAsync("SELECT pg_reload_conf()");
        }

        await ApiProgram.WaitUntilReadyAsync(_replica);
    }

    [Fact]
    public async Task An_administrator_who_ends_all_connections_costs_no_request_and_each_write_is_stored_once()
    {
        var outcomes = await CallWhileAsync(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await postgres.RunAsync(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
                        + "application_name = 'NeuroCred.Api'"
                );
                await PassAsync(TimeSpan.FromMilliseconds(300));
            }
        });

        Phases.Report(output, outcomes, ("all", 0));
        Assert.Empty(outcomes.Where(o => o.Failed).Select(o => o.ToString()));
        var metrics = await MetricsPage.ScrapeAsync(_replica.ManagementAddress);
        Assert.NotNull(metrics.Sum("neurocred_postgres_retries_total"));
        Assert.Null(metrics.Sum("neurocred_postgres_circuit_opened_total"));
        await StoredWrites.AssertStoredOnceAsync(postgres.ConnectionString, outcomes);
    }

    [Fact]
    public async Task A_write_whose_connection_ends_in_the_middle_is_done_and_stored_once()
    {
        using var client = new GatewayClient(_replica.Address);
        var wallet = Workload.AddressOf($"slow {Guid.NewGuid():N}");
        await postgres.RunAsync(
            """
            CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END $$;
            CREATE TRIGGER slow BEFORE INSERT ON score_history FOR EACH STATEMENT EXECUTE FUNCTION be_slow()
            """
        );
        try
        {
            var computing = client.ComputeScoreAsync(wallet, wallet);
            await Until.HoldsAsync(
                async () =>
                    await postgres.RunAsync(
                        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'INSERT INTO score_history%'"
                    )
                        is > 0L,
                TimeSpan.FromMinutes(1),
                () => "The write never began."
            );

            await GatewayClient.ReadAsync(await computing);
        }
        finally
        {
            await postgres.RunAsync("DROP FUNCTION be_slow CASCADE");
        }

        Assert.Equal(1L, await postgres.RunAsync($"SELECT count(*) FROM score_history WHERE address = '{wallet}'"));
    }

    [Theory]
    [InlineData("SELECT pg_advisory_xact_lock(2, hashtext('{0}'))", true)]
    [InlineData("SELECT FROM wallet_daily_activity WHERE address = '{0}' FOR UPDATE", false)]
    public async Task Many_writes_of_a_wallet_that_is_locked_elsewhere_keep_no_other_wallet_waiting(string locking, bool scores)
    {
        using var client = new GatewayClient(_replica.Address);
        var busy = Workload.AddressOf($"busy {Guid.NewGuid():N}");
        await GatewayClient.ReadAsync(await client.SendTransactionsAsync(busy, GatewayClient.Transaction(busy, 1)));
        var other = await Workload.CreateScoredWalletAsync(_replica.Address, $"other {Guid.NewGuid():N}", Cancellation);
        await using var elsewhere = new NpgsqlConnection(postgres.ConnectionString);
        await elsewhere.OpenAsync(Cancellation);
        await using (var transaction = await elsewhere.BeginTransactionAsync(Cancellation))
        {
            await elsewhere.ExecuteAsync(string.Format(locking, busy));
            var waiting = Enumerable
                .Range(0, 400) // more than the replica works on at once
                .Select(i =>
                    scores
                        ? client.ComputeScoreAsync(busy, $"{busy} {i}")
                        : client.SendTransactionsAsync(busy, GatewayClient.Transaction($"{busy} {i}", 1))
                )
                .ToList();
            await PassAsync(TimeSpan.FromMilliseconds(500));

            for (var i = 0; i < 5; i++)
            {
                var asked = Stopwatch.GetTimestamp();
                await GatewayClient.ReadAsync(await client.ComputeScoreAsync(other, $"{other} {i}"));
                await GatewayClient.ReadAsync(await client.GetAsync($"/api/score/{other}"));
                Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, s_atOnce);
            }

            await transaction.RollbackAsync(Cancellation);
            // Who waited for too long, on a busy machine, is told to come again.
            Assert.All(
                await Task.WhenAll(waiting),
                response => Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable)
            );
        }
    }

    [Theory]
    [InlineData("SELECT pg_advisory_xact_lock(2, hashtext('{0}'))", true, "Other scores of this wallet are being computed")]
    [InlineData("SELECT FROM wallet_daily_activity WHERE address = '{0}' FOR UPDATE", false, "Other writes of this wallet are under way")]
    public async Task A_write_of_a_wallet_that_stays_locked_is_a_503_that_says_so_and_when_to_come_again(
        string locking,
        bool scores,
        string title
    )
    {
        using var client = new GatewayClient(_replica.Address);
        var busy = Workload.AddressOf($"busy {Guid.NewGuid():N}");
        await GatewayClient.ReadAsync(await client.SendTransactionsAsync(busy, GatewayClient.Transaction(busy, 1)));
        await using var elsewhere = new NpgsqlConnection(postgres.ConnectionString);
        await elsewhere.OpenAsync(Cancellation);
        await using var transaction = await elsewhere.BeginTransactionAsync(Cancellation);
        await elsewhere.ExecuteAsync(string.Format(locking, busy));

        // One waits for the lock in Postgres, the other for its turn.
        foreach (var response in await Task.WhenAll(WriteAsync("first"), WriteAsync("second")))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter);
            Assert.Contains(title, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        Task<HttpResponseMessage> WriteAsync(string name) =>
            scores
                ? client.ComputeScoreAsync(busy, $"{busy} {name}")
                : client.SendTransactionsAsync(busy, GatewayClient.Transaction($"{busy} {name}", 1));
    }

    [Fact]
    public async Task A_key_whose_score_is_still_being_computed_elsewhere_is_a_conflict_that_says_when_to_come_again()
    {
        using var client = new GatewayClient(_replica.Address);
        var key = Guid.NewGuid().ToString("N");
        await using var elsewhere = new NpgsqlConnection(postgres.ConnectionString);
        await elsewhere.OpenAsync(Cancellation);
        await using var transaction = await elsewhere.BeginTransactionAsync(Cancellation);
        var lockOfKey = IdempotencyStore.Lock(new ApiClient(ApiKeyStore.DefaultClient, ApiKey.Hash(Workload.ApiKey)).IdempotencyScope, key);
        await using var taking = new NpgsqlBatch(elsewhere) { BatchCommands = { lockOfKey } };
        await taking.ExecuteNonQueryAsync(Cancellation);

        using var response = await client.ComputeScoreAsync(Workload.AddressOf(key), key);

        Assert.Equal((HttpStatusCode.Conflict, TimeSpan.FromSeconds(1)), (response.StatusCode, response.Headers.RetryAfter?.Delta));
        Assert.Contains(
            "The same request is still running",
            await response.Content.ReadAsStringAsync(Cancellation),
            StringComparison.Ordinal
        );
    }

    // Whatever failed is a 503 that says when to come again, from the beginning of the fault until soon after its end.
    private static void AssertRefusedAtMost(IReadOnlyList<Outcome> outcomes, long fault, long end) =>
        Assert.All(
            outcomes.Where(o => o.Failed),
            o =>
                Assert.True(
                    o.Status == 503 && o.HasRetryAfter && o.Due > fault - Stopwatch.Frequency && o.Due < After(end, s_recovery),
                    o.ToString()
                )
        );

    private static long After(long timestamp, TimeSpan time) => timestamp + (long)(time.TotalSeconds * Stopwatch.Frequency);

    // How long a fault lasts is what is tested here; nothing else is waited for like this.
    private static Task PassAsync(TimeSpan time) => Task.Delay(time, Cancellation);

    private async Task<IReadOnlyList<Outcome>> CallWhileAsync(Func<Task> fault)
    {
        var seed = $"cut {Guid.NewGuid():N}";
        var wallet = await Workload.CreateScoredWalletAsync(_replica.Address, seed, Cancellation);
        using (var warm = new GatewayClient(_replica.Address))
        {
            await warm.WarmAsync(wallet, rounds: 30);
        }

        using var client = new OpenLoopClient(_replica.Address, Connections.KeepAlive, RequestsPerSecond, new Workload(seed, wallet).Next);
        return await client.RunWhileAsync(async () =>
        {
            await PassAsync(TimeSpan.FromSeconds(1));
            await fault();
        });
    }

    private async Task<HttpStatusCode> ReadinessAsync()
    {
        using var http = new HttpClient { BaseAddress = _replica.Address };
        using var response = await http.GetAsync("/health/ready", Cancellation);
        return response.StatusCode;
    }
}
