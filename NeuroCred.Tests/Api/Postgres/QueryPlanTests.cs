using NeuroCred.Api.Idempotency;
using NeuroCred.Api.Retention;
using NeuroCred.Api.Scores;
using NeuroCred.Api.Scoring;
using NeuroCred.Api.Wallets;
using NeuroCred.Tests.Api.Wallets;
using Npgsql;

namespace NeuroCred.Tests.Api.Postgres;

/// <summary>With 1,000,000 transactions of 100,000 wallets, no query reads a whole table, nor a whole wallet to find some of it.</summary>
[StartsProcesses]
public sealed partial class QueryPlanTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private const string Fill = """
        ALTER TABLE wallet_transactions DISABLE TRIGGER USER;
        ALTER TABLE wallet_transactions DROP CONSTRAINT wallet_transactions_pkey, DROP CONSTRAINT wallet_transactions_address_check,
            DROP CONSTRAINT wallet_transactions_hash_check;
        INSERT INTO wallet_transactions (address, hash, occurred_at, value_usd, token)
        SELECT '0x' || lpad(to_hex(wallet), 40, '0'), '0x' || lpad(to_hex(wallet * 10 + i), 64, '0'),
               timestamptz '2015-08-01Z' + (wallet % 3000 + i / 5) * interval '1 day', 10, 'USDC'
        FROM generate_series(1, 100000) AS wallet, generate_series(0, 9) AS i;
        ALTER TABLE wallet_transactions ADD PRIMARY KEY (address, hash);
        ALTER TABLE wallet_transactions ENABLE TRIGGER USER;
        INSERT INTO wallet_daily_activity
        SELECT '0x' || lpad(to_hex(wallet), 40, '0'), date '2015-08-01' + wallet % 3000 + i, 5, 50, 50
        FROM generate_series(1, 100000) AS wallet, generate_series(0, 1) AS i;
        ALTER TABLE wallet_staking DROP CONSTRAINT wallet_staking_address_check;
        INSERT INTO wallet_staking SELECT '0x' || lpad(to_hex(wallet), 40, '0'), 1, 'test' FROM generate_series(1, 100000) AS wallet;
        ALTER TABLE score_history DROP CONSTRAINT score_history_address_check;
        INSERT INTO score_history
            (address, sequence, score, base_score, risk_band, staking_boost, staking_tier, explanation, computed_at)
        SELECT '0x' || lpad(to_hex(wallet), 40, '0'), i, 500, 500, 2, 0, 0, '[]', timestamptz '2025-01-01Z' + i * interval '1 day'
        FROM generate_series(1, 2) AS i, generate_series(1, 100000) AS wallet;
        INSERT INTO idempotency_keys
        SELECT 'test', 'key ' || i, '', '', timestamptz '2025-01-01Z' + i * interval '1 second' FROM generate_series(1, 200000) AS i;
        ANALYZE
        """;

    // Of every statement that runs, also in functions and triggers.
    private const string Explain = """
        LOAD 'auto_explain';
        SET auto_explain.log_min_duration = 0;
        SET auto_explain.log_nested_statements = on;
        SET auto_explain.log_level = notice;
        """;

    private static readonly WalletAddress s_wallet = NumberedWallet.Of(50_000);

    private static readonly ScoreAnswer s_score = ScoreAnswer.After(
        null,
        s_wallet,
        Scorecard.Assess(WalletFeatures.Of([], stakingTier: 0)),
        DateTime.UtcNow
    );

    // Each query of the service, as the service runs it, but for those of api_keys and clients, and of the tables of the score cache: they
    // have few rows, and are read whole.
    private static readonly Dictionary<string, Func<NpgsqlConnection, Task>> s_queries = new()
    {
        ["a score's activity"] = connection => WalletActivity.ReadAsync(connection, s_wallet),
        ["a batch, new and stored before"] = connection =>
            TransactionStore.AddAsync(connection, s_wallet, [.. Enumerable.Range(499_990, 100).Select(LedgerDatabase.Transaction)], "test"),
        ["a wallet's newest score"] = connection => RunAsync(connection, ScoreHistory.Newest(s_wallet)),
        ["a new score"] = connection => RunAsync(connection, ScoreHistory.Append(s_wallet, s_score with { Sequence = 3 }, "test")),
        ["a page of the history"] = connection => RunAsync(connection, ScoreHistory.Before(s_wallet, 100, 21)),
        ["a trend"] = connection => RunAsync(connection, ScoreTrend.Query(s_wallet, new(2025, 1, 20, 0, 0, 0, DateTimeKind.Utc))),
        ["scores after a sequence"] = connection => RunAsync(connection, ScoreHistory.After(s_wallet, 1, 100)),
        ["the newest sequences of watched wallets"] = connection =>
            RunAsync(connection, ScoreHistory.NewestSequences([.. Enumerable.Range(1, 100).Select(i => NumberedWallet.Of(i).Lower)])),
        ["an idempotency key"] = connection => IdempotencyStore.FindAsync(connection, "test"u8.ToArray(), "key 100000", default),
        ["a new idempotency key"] = connection =>
            RunAsync(connection, IdempotencyStore.Add("test"u8.ToArray(), "new", new([], "", DateTime.UtcNow), DateTime.UtcNow)),
        ["a new staking tier"] = connection => StakingStore.SetAsync(connection, s_wallet, 2, "test"),
        ["a staking tier"] = connection => RunAsync(connection, StakingStore.Find(s_wallet)),
        ["expired idempotency keys"] = connection => ExpiredRows.DeleteKeysAsync(connection, new(2025, 1, 2, 0, 0, 0, TimeSpan.Zero)),
        ["old transactions"] = connection => ExpiredRows.DeleteTransactionsAsync(connection, new(2016, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        ["old scores"] = connection => ExpiredRows.DeleteScoresAsync(connection, new(2025, 1, 3, 0, 0, 0, TimeSpan.Zero)),
    };

    [Fact]
    public async Task Every_query_uses_an_index()
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await RunAsync(connection, Fill);
        await RunAsync(connection, Explain);
        List<string> plans = [];
        connection.Notice += (_, e) => plans.Add(e.Notice.MessageText);
        List<string> problems = [];
        foreach (var (name, query) in s_queries)
        {
            plans.Clear();
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await query(connection);
            await transaction.RollbackAsync(Cancellation);
            if (plans.Count == 0 || plans.Any(plan => ReadsAll().IsMatch(plan)))
            {
                problems.Add($"{name}:\n{string.Join('\n', plans)}");
            }
        }

        Assert.Empty(problems);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task RunAsync(NpgsqlConnection connection, NpgsqlBatchCommand command)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { command } };
        await batch.ExecuteNonQueryAsync(Cancellation);
    }

    [GeneratedRegex(
        @"Seq Scan on (wallet_transactions|wallet_daily_activity|wallet_staking|score_history|idempotency_keys)|Filter: \(\(?occurred_at "
    )]
    private static partial Regex ReadsAll();
}
