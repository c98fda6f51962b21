using NeuroCred.Api.Configuration;
using NeuroCred.Api.Postgres;
using NeuroCred.Api.Scoring;
using Npgsql;
using NpgsqlTypes;

namespace NeuroCred.Api.Wallets;

/// <summary>Wallets' transactions in Postgres, each stored once per wallet and hash.</summary>
internal sealed class TransactionStore(Database database)
{
    // The first content stands. A resend may carry another USD value for the same transfer, because price sources move;
    // taking the later one would make a harmless resend change scores.
    private const string Insert = """
        INSERT INTO wallet_transactions (address, hash, occurred_at, value_usd, token, counterparty)
        SELECT $1, hash, occurred_at, value_usd, token, counterparty
        FROM unnest($2, $3, $4, $5, $6) AS given (hash, occurred_at, value_usd, token, counterparty)
        ON CONFLICT (address, hash) DO NOTHING
        """;

    private const string ByDay = """
        SELECT (occurred_at AT TIME ZONE 'UTC')::date AS day, count(*), sum(value_usd),
               coalesce(sum(value_usd) FILTER (WHERE upper(token) = ANY ($2)), 0)
        FROM wallet_transactions WHERE address = $1 GROUP BY day ORDER BY day
        """;

    /// <returns>How many were new.</returns>
    public Task<int> AddAsync(WalletAddress address, TransactionBatch batch) =>
        database.RunAsync(
            async connection =>
            {
                var transactions = batch.Transactions;
                await using var command = new NpgsqlCommand(Insert, connection) { CommandTimeout = DatabaseDefaults.LockingCommandTimeout };
                command.Parameters.AddWithValue(address.Lower);
                command.Parameters.AddWithValue(transactions.Select(t => t.Hash).ToArray());
                command.Parameters.AddWithValue(transactions.Select(t => t.Timestamp).ToArray());
                command.Parameters.AddWithValue(transactions.Select(t => t.ValueUsd).ToArray());
                command.Parameters.AddWithValue(transactions.Select(t => t.Token).ToArray());
                command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, transactions.Select(t => t.Counterparty).ToArray());
                var added = await command.ExecuteNonQueryAsync();
                if (added == 0)
                {
                    await EarlierCommits.ConfirmAsync(connection);
                }
                return added;
            },
            DatabaseDefaults.WriteLimit
        );

    /// <summary>A wallet's activity by day (UTC), oldest first, as seen by the connection's transaction.</summary>
    public static async Task<IReadOnlyList<DailyActivity>> ReadActivityAsync(NpgsqlConnection connection, WalletAddress address)
    {
        await using var command = new NpgsqlCommand(ByDay, connection);
        command.Parameters.AddWithValue(address.Lower);
        command.Parameters.AddWithValue(Stablecoins.Symbols);
        await using var reader = await command.ExecuteReaderAsync();
        List<DailyActivity> days = [];
        while (await reader.ReadAsync())
        {
            days.Add(new(reader.GetFieldValue<DateOnly>(0), reader.GetInt64(1), reader.GetDecimal(2), reader.GetDecimal(3)));
        }
        return days;
    }
}
