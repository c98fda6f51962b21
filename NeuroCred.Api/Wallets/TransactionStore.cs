using NeuroCred.Api.Configuration;
using NeuroCred.Api.Postgres;
using Npgsql;

namespace NeuroCred.Api.Wallets;

/// <summary>Wallets' transactions in Postgres, each stored once per wallet and hash.</summary>
internal sealed class TransactionStore(Database database, WalletTurns turns)
{
    private const string Add = "SELECT * FROM add_wallet_transactions($1, $2, $3, $4, $5, $6, $7)";

    /// <summary>Stores a batch in one round trip: all of it, or nothing if a hash is stored with other values.</summary>
    /// <returns>How many were new, and, of those that are stored with other values, what is stored.</returns>
    public Task<(int Added, IReadOnlyList<WalletTransaction> Differing)> AddAsync(
        WalletAddress address,
        TransactionBatch batch,
        string client
    ) => turns.WriteAsync(address, database, connection => AddAsync(connection, address, batch.Transactions, client));

    /// <summary>Does the same, and rolls it back.</summary>
    public Task RehearseAsync(WalletAddress address, TransactionBatch batch, string client) =>
        turns.WriteAsync(
            address,
            database,
            async connection =>
            {
                await using var taken = await connection.BeginTransactionAsync(); // rolled back, since it is not committed
                return await AddAsync(connection, address, batch.Transactions, client);
            }
        );

    /// <summary>The same on a connection.</summary>
    public static async Task<(int Added, IReadOnlyList<WalletTransaction> Differing)> AddAsync(
        NpgsqlConnection connection,
        WalletAddress address,
        IReadOnlyList<WalletTransaction> transactions,
        string client
    )
    {
        await using var command = connection.CreateCommand(
            Add,
            address.Lower,
            transactions.Select(t => t.Hash).ToArray(),
            transactions.Select(t => t.Timestamp).ToArray(),
            transactions.Select(t => t.ValueUsd).ToArray(),
            transactions.Select(t => t.Token).ToArray(),
            transactions.Select(t => t.Counterparty).ToArray(),
            client
        );
        command.CommandTimeout = DatabaseDefaults.LockingCommandTimeout;
        await using var reader = await command.ExecuteReaderAsync();
        var added = 0L;
        List<WalletTransaction> differing = [];
        while (await reader.ReadAsync())
        {
            if (reader.IsDBNull(1))
            {
                added = reader.GetInt64(0);
                continue;
            }

            differing.Add(
                new(
                    reader.GetString(1),
                    reader.GetDateTime(2),
                    reader.GetDecimal(3),
                    reader.GetString(4),
                    reader.IsDBNull(5) ? null : reader.GetString(5)
                )
            );
        }

        return ((int)added, differing);
    }
}
