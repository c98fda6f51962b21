using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NeuroCred.Api.Retention;
using NeuroCred.Api.Wallets;
using NeuroCred.Tests.Api.Postgres;
using NeuroCred.Tests.Api.Wallets;

namespace NeuroCred.Tests.Api.Retention;

/// <summary>What is deleted because it is not kept any longer, and what is not.</summary>
[StartsProcesses]
public sealed class PurgeTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    [Fact]
    public async Task Expired_idempotency_keys_go_however_many_and_the_others_stay()
    {
        await using var database = await LedgerDatabase.CreateAsync(postgres);
        await database.RunAsync(
            """
            INSERT INTO idempotency_keys (client, key, request_hash, body, expires_at)
            SELECT 'a', 'key ' || i, '', '', now() + CASE WHEN i <= 2500 THEN interval '-1 hour' ELSE interval '1 hour' END
            FROM generate_series(1, 2600) AS i
            """
        );

        await PurgeAsync(database, new(0, 0));

        Assert.Equal(100L, await database.RunAsync("SELECT count(*) FROM idempotency_keys"));
    }

    [Fact]
    public async Task Old_scores_go_but_for_the_newest_of_each_wallet_and_later_ones_go_on_counting()
    {
        await using var database = await LedgerDatabase.CreateAsync(postgres);
        await AddScoresAsync(database, "'0x' || lpad(i::text, 40, '0')", "now() - interval '20 days'", 1200); // the only one of each
        await AddScoresAsync(database, "'0x' || repeat('a', 40)", "now() - interval '10 days'", 5);
        await AddScoresAsync(database, "'0x' || repeat('b', 40)", "now() - interval '10 days'", 3);
        await AddScoresAsync(database, "'0x' || repeat('b', 40)", "now()", 2);

        await PurgeAsync(database, new(7, 0));

        Assert.Equal("1200", await database.RunAsync("SELECT count(*)::text FROM score_history WHERE address < '0xa'"));
        Assert.Equal("5", await SequencesAsync('a'));
        Assert.Equal("4 5", await SequencesAsync('b'));
        await AddScoresAsync(database, "'0x' || repeat('a', 40)", "now()", 1);
        Assert.Equal("5 6", await SequencesAsync('a'));

        async Task<string?> SequencesAsync(char wallet) =>
            (string?)
                await database.RunAsync(
                    "SELECT string_agg(sequence::text, ' ' ORDER BY sequence) FROM score_history WHERE address = '0x' || "
                        + $"repeat('{wallet}', 40)"
                );
    }

    [Fact]
    public async Task Transactions_go_by_whole_days_with_what_they_added_to_their_wallets_activity()
    {
        await using var database = await LedgerDatabase.CreateAsync(postgres);
        for (var wallet = 1; wallet <= 3; wallet++)
        {
            await database.AddAsync(wallet, [.. Enumerable.Range(0, 900).Select(LedgerDatabase.Transaction)]); // three a day
        }

        var days = (DateTime.UtcNow.AddMinutes(-5).Date - new DateTime(2025, 4, 1)).Days;

        await PurgeAsync(database, new(0, days));

        Assert.Equal(
            new DateTime(2025, 4, 1, 0, 0, 0, DateTimeKind.Utc),
            await database.RunAsync("SELECT min(occurred_at) FROM wallet_transactions")
        );
        Assert.Equal(3L * (900 - (3 * 90)), await database.RunAsync("SELECT count(*) FROM wallet_transactions"));
        await database.AssertActivityIsExactAsync();
    }

    [Fact]
    public async Task A_day_of_any_size_goes_in_parts_of_a_thousand_rows_and_takes_all_of_its_activity_with_it()
    {
        await using var database = await LedgerDatabase.CreateAsync(postgres);
        await database.AddAsync(1, [.. Enumerable.Range(0, 2500).Select(i => Transaction(i, day: 0))]);
        await database.AddAsync(1, [.. Enumerable.Range(2500, 30).Select(i => Transaction(i, day: 500))]);
        await database.RunAsync(
            """
            CREATE FUNCTION refuse_more_than_a_part() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF (SELECT count(*) FROM changed) > 1000 THEN
                    RAISE EXCEPTION 'This would take too long.';
                END IF;
                RETURN NULL;
            END
            $$;
            CREATE TRIGGER refuse_more_than_a_part AFTER DELETE ON wallet_transactions
                REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_more_than_a_part();
            """
        );

        await PurgeAsync(database, new(0, (DateTime.UtcNow.AddMinutes(-5).Date - new DateTime(2025, 4, 1)).Days));

        Assert.Equal(30L, await database.RunAsync("SELECT count(*) FROM wallet_transactions"));
        Assert.Equal(1L, await database.RunAsync("SELECT count(*) FROM wallet_daily_activity"));
        await database.AssertActivityIsExactAsync();

        static WalletTransaction Transaction(int number, int day) =>
            LedgerDatabase.Transaction(number) with
            {
                Timestamp = LedgerDatabase.Transaction(3 * day).Timestamp,
            };
    }

    [Fact]
    public async Task What_cannot_be_deleted_does_not_keep_the_rest()
    {
        await using var database = await LedgerDatabase.CreateAsync(postgres);
        await database.RunAsync("INSERT INTO idempotency_keys VALUES ('a', 'key', '', '', now() - interval '1 hour')");
        await database.AddAsync(1, LedgerDatabase.Transaction(0));
        await AddScoresAsync(database, "'0x' || repeat('a', 40)", "now() - interval '9 years'", 2);
        await database.RunAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'This cannot be deleted.'; END $$;
            CREATE TRIGGER refuse BEFORE DELETE ON idempotency_keys FOR EACH ROW EXECUTE FUNCTION refuse();
            CREATE TRIGGER refuse BEFORE DELETE ON wallet_transactions FOR EACH ROW EXECUTE FUNCTION refuse();
            """
        );

        await PurgeAsync(database, new(7, 7));

        Assert.Equal(1L, await database.RunAsync("SELECT count(*) FROM idempotency_keys"));
        Assert.Equal(1L, await database.RunAsync("SELECT count(*) FROM wallet_transactions"));
        Assert.Equal(1L, await database.RunAsync("SELECT count(*) FROM score_history"));
    }

    [Fact]
    public async Task An_error_that_nobody_expects_is_logged_and_does_not_stop_the_replica()
    {
        var database = await LedgerDatabase.CreateAsync(postgres);
        await database.DisposeAsync(); // the error: its connections are disposed
        var time = new FakeTimeProvider();
        var log = new MessageLog();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        using var purge = new Purge(database.Requests, new(0, 0), time, loggers.CreateLogger<Purge>());

        await purge.StartAsync(Cancellation);
        await Until.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMinutes(1));
                return Task.FromResult(purge.ExecuteTask!.IsCompleted || log.Messages.Count > 1);
            },
            TimeSpan.FromMinutes(2),
            () => "The purge does not go on."
        );

        Assert.False(purge.ExecuteTask!.IsCompleted);
        Assert.StartsWith("Expired rows of idempotency_keys could not be deleted", log.Messages.First(), StringComparison.Ordinal);
        await purge.StopAsync(Cancellation);
    }

    [Fact]
    public async Task All_replicas_together_look_at_all_scores_once_a_day_also_if_one_is_killed_meanwhile()
    {
        await using var database = await LedgerDatabase.CreateAsync(postgres);
        await AddScoresAsync(database, "'0x' || repeat('a', 40)", "now() - interval '20 days'", 1500);
        await using (var killed = await database.Source.OpenConnectionAsync(Cancellation))
        {
            var earliest = new RetentionOptions(7, 0).EarliestScore(DateTimeOffset.UtcNow - TransactionFields.ClockSkew)!.Value;
            Assert.Equal((1000, true), await ExpiredRows.DeleteScoresAsync(killed, earliest));
        }
        // What another look at the first part of them would delete.
        await database.RunAsync(
            """
            INSERT INTO score_history
                (id, address, score, base_score, risk_band, staking_boost, staking_tier, explanation, computed_at)
            OVERRIDING SYSTEM VALUE
            SELECT i, '0x' || repeat('b', 40), 500, 500, 2, 0, 0, '[]', now() - interval '20 days' FROM generate_series(1, 2) AS i
            """
        );

        await PurgeAsync(database, new(7, 0));
        Assert.Equal(3L, await database.RunAsync("SELECT count(*) FROM score_history")); // the newest of a, and what was added
        await PurgeAsync(database, new(7, 0));
        Assert.Equal(3L, await database.RunAsync("SELECT count(*) FROM score_history"));

        await PurgeAsync(database, new(7, 0), new Tomorrow());
        Assert.Equal(2L, await database.RunAsync("SELECT count(*) FROM score_history"));
    }

    [Fact]
    public async Task Nothing_but_keys_is_deleted_unless_it_is_configured()
    {
        await using var database = await LedgerDatabase.CreateAsync(postgres);
        await database.AddAsync(1, LedgerDatabase.Transaction(0));
        await AddScoresAsync(database, "'0x' || repeat('a', 40)", "now() - interval '9 years'", 2);

        await PurgeAsync(database, RetentionOptions.Read(GivenSettings.Of()));

        Assert.Equal(1L, await database.RunAsync("SELECT count(*) FROM wallet_transactions"));
        Assert.Equal(2L, await database.RunAsync("SELECT count(*) FROM score_history"));
    }

    [Fact]
    public async Task While_one_replica_deletes_another_leaves_it_to_that_one()
    {
        await using var database = await LedgerDatabase.CreateAsync(postgres);
        await database.RunAsync("INSERT INTO idempotency_keys VALUES ('a', 'key', '', '', now() - interval '1 hour')");
        await using (var connection = await database.Source.OpenConnectionAsync(Cancellation))
        await using (await connection.BeginTransactionAsync(Cancellation))
        {
            Assert.True(await ExpiredRows.TryLockAsync(connection));
            await PurgeAsync(database, new(0, 0));
            Assert.Equal(1L, await database.RunAsync("SELECT count(*) FROM idempotency_keys"));
        }

        await PurgeAsync(database, new(0, 0));
        Assert.Equal(0L, await database.RunAsync("SELECT count(*) FROM idempotency_keys"));
    }

    private sealed class Tomorrow : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddDays(1);
    }

    private static async Task PurgeAsync(LedgerDatabase database, RetentionOptions options, TimeProvider? time = null)
    {
        using var purge = new Purge(database.Requests, options, time ?? TimeProvider.System, NullLogger<Purge>.Instance);
        await purge.RunAsync(Cancellation);
    }

    private static async Task AddScoresAsync(LedgerDatabase database, string address, string time, int count) =>
        await database.RunAsync(
            $"""
            INSERT INTO score_history (address, score, base_score, risk_band, staking_boost, staking_tier, explanation, computed_at)
            SELECT {address}, 500, 500, 2, 0, 0, '[]', {time} FROM generate_series(1, {count}) AS i
            """
        );
}
