using NeuroCred.Api.Postgres;
using Npgsql;

namespace NeuroCred.Api.Retention;

/// <summary>Deletes what is not kept any more, a bounded part at a time.</summary>
internal static class ExpiredRows
{
    /// <summary>How many rows are looked at, or deleted, at a time.</summary>
    private const int BatchSize = 1000;

    private const int LockClass = 3; // idempotency keys and wallets are 1 and 2

    // By place: for a thousand rows the planner would read the whole table.
    private const string Keys = """
        DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM idempotency_keys WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))
        """;

    // A trigger takes what is deleted from wallet_daily_activity, and removes days that are empty.
    private const string Transactions = """
        DELETE FROM wallet_transactions WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM wallet_transactions WHERE occurred_at < $1 ORDER BY occurred_at LIMIT $2))
        """;

    private const string BeginScores = "UPDATE score_purge SET before = $1, after_id = 0 WHERE after_id IS NULL AND before <> $1";

    // By id, which grows with the time. An index by time would not help: most of what it would find first are the newest scores of wallets
    // that nobody asks for any more, which are kept.
    private const string Scores = """
        WITH page AS (
            SELECT id, address, sequence, computed_at FROM score_history
            WHERE id > (SELECT after_id FROM score_purge) ORDER BY id LIMIT $2),
        deleted AS (
            DELETE FROM score_history USING page WHERE score_history.id = page.id AND page.computed_at < $1 AND EXISTS (
                SELECT FROM score_history AS newer WHERE newer.address = page.address AND newer.sequence > page.sequence)
            RETURNING page.id),
        progress AS (
            UPDATE score_purge SET after_id = (SELECT CASE WHEN bool_or(computed_at < $1) THEN max(id) END FROM page)
            WHERE after_id IS NOT NULL RETURNING after_id)
        SELECT (SELECT count(*) FROM deleted), EXISTS (SELECT FROM progress WHERE after_id IS NOT NULL)
        """;

    /// <summary>Keeps other replicas from deleting until the connection's transaction ends; false if one of them deletes now.</summary>
    public static async Task<bool> TryLockAsync(NpgsqlConnection connection)
    {
        await using var command = connection.CreateCommand("SELECT pg_try_advisory_xact_lock($1, 0)", LockClass);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Deletes idempotency keys that have expired.</summary>
    /// <returns>How many, and whether there may be more.</returns>
    public static Task<(int Deleted, bool GoesOn)> DeleteKeysAsync(NpgsqlConnection connection, DateTimeOffset now) =>
        DeleteBatchAsync(connection, Keys, now);

    /// <summary>Deletes transactions from before a time, oldest first, with what they add to their wallets' daily activity.</summary>
    /// <returns>How many, and whether there may be more.</returns>
    public static Task<(int Deleted, bool GoesOn)> DeleteTransactionsAsync(NpgsqlConnection connection, DateTimeOffset before) =>
        DeleteBatchAsync(connection, Transactions, before);

    /// <summary>
    /// Deletes scores from before a time, except the newest of each wallet, in the next part of a pass over all scores. The replicas share
    /// the pass. It also reads the scores that are kept, so there is one pass for each time.
    /// </summary>
    /// <returns>How many, and whether the pass goes on.</returns>
    public static async Task<(int Deleted, bool GoesOn)> DeleteScoresAsync(NpgsqlConnection connection, DateTimeOffset before)
    {
        await connection.ExecuteAsync(BeginScores, before.UtcDateTime);
        await using var command = connection.CreateCommand(Scores, before.UtcDateTime, BatchSize);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return ((int)reader.GetInt64(0), reader.GetBoolean(1));
    }

    private static async Task<(int Deleted, bool GoesOn)> DeleteBatchAsync(NpgsqlConnection connection, string sql, DateTimeOffset before)
    {
        var deleted = await connection.ExecuteAsync(sql, before.UtcDateTime, BatchSize);
        return (deleted, deleted == BatchSize);
    }
}
