using Npgsql;

namespace NeuroCred.Api.Retention;

/// <summary>Deletes what is not kept any more, a bounded part at a time.</summary>
internal static class ExpiredRows
{
    /// <summary>How many rows are looked at, or deleted, at a time. A day of one wallet is deleted as a whole, however many they are.</summary>
    public const int BatchSize = 1000;

    private const int LockClass = 3; // idempotency keys and wallets are 1 and 2

    // By place: for a thousand keys the planner would read the whole table.
    private const string Keys = """
        DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM idempotency_keys WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))
        """;

    // The trigger removes the days in wallet_daily_activity.
    private const string Transactions = """
        WITH oldest AS (SELECT address, day, transactions FROM wallet_daily_activity WHERE day < $1 ORDER BY day LIMIT $2),
        summed AS (SELECT address, day, sum(transactions) OVER (ROWS UNBOUNDED PRECEDING) - transactions AS before FROM oldest)
        DELETE FROM wallet_transactions AS stored USING summed
        WHERE before < $2 AND stored.address = summed.address
            AND occurred_at >= day::timestamp AT TIME ZONE 'UTC' AND occurred_at < (day + 1)::timestamp AT TIME ZONE 'UTC'
        """;

    // By id, which grows with the time. An index by time would not help: most of what it would find first are the newest scores of wallets
    // that nobody asks for any more, which are kept.
    private const string Scores = """
        WITH page AS (SELECT id, address, sequence, computed_at FROM score_history WHERE id > $2 ORDER BY id LIMIT $3),
        deleted AS (
            DELETE FROM score_history USING page WHERE score_history.id = page.id AND page.computed_at < $1 AND EXISTS (
                SELECT FROM score_history AS newer WHERE newer.address = page.address AND newer.sequence > page.sequence)
            RETURNING page.id)
        SELECT (SELECT count(*) FROM deleted), CASE WHEN bool_or(computed_at < $1) THEN max(id) END FROM page
        """;

    /// <summary>Keeps other replicas from deleting until the connection's transaction ends; false if one of them deletes now.</summary>
    public static async Task<bool> TryLockAsync(NpgsqlConnection connection)
    {
        await using var command = Command(connection, "SELECT pg_try_advisory_xact_lock($1, 0)", LockClass);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Deletes idempotency keys that have expired.</summary>
    /// <returns>How many.</returns>
    public static async Task<int> DeleteKeysAsync(NpgsqlConnection connection, DateTimeOffset now)
    {
        await using var command = Command(connection, Keys, now.UtcDateTime, BatchSize);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Deletes the transactions of the oldest days before a day, with what they add to their wallets' daily activity.</summary>
    /// <returns>How many.</returns>
    public static async Task<int> DeleteTransactionsAsync(NpgsqlConnection connection, DateOnly before)
    {
        await using var command = Command(connection, Transactions, before, BatchSize);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Deletes scores from before a time, but for the newest of each wallet, among the first that follow an id.</summary>
    /// <returns>How many, and the id to go on after; null if nothing from before the time follows.</returns>
    public static async Task<(int Deleted, long? Next)> DeleteScoresAsync(NpgsqlConnection connection, DateTimeOffset before, long after)
    {
        await using var command = Command(connection, Scores, before.UtcDateTime, after, BatchSize);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return ((int)reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetInt64(1));
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
        return command;
    }
}
