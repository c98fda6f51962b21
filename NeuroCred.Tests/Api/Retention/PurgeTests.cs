using Microsoft.Extensions.Logging.Abstractions;
using NeuroCred.Api.Retention;
using NeuroCred.Tests.Api.Postgres;
using NeuroCred.Tests.Api.Wallets;
using Npgsql;

namespace NeuroCred.Tests.Api.Retention;

/// <summary>What is deleted because it is not kept any longer, and what is not.</summary>
[StartsProcesses]
public sealed class PurgeTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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
                    $"SELECT string_agg(sequence::text, ' ' ORDER BY sequence) FROM score_history WHERE address = '0x' || repeat('{wallet}', 40)"
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

    private static async Task PurgeAsync(LedgerDatabase database, RetentionOptions options)
    {
        using var purge = new Purge(database.Requests, options, TimeProvider.System, NullLogger<Purge>.Instance);
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
