using NeuroCred.Api.Configuration;
using NeuroCred.Api.Postgres;
using Npgsql;

namespace NeuroCred.Api.Wallets;

/// <summary>Wallets' staking tiers in Postgres: 0 to 3, and 0 where none was set.</summary>
internal sealed class StakingStore(Database database, WalletTurns turns)
{
    public const int MaxTier = 3;

    private const string Upsert = """
        INSERT INTO wallet_staking (address, tier, client) VALUES ($1, $2, $3)
        ON CONFLICT (address) DO UPDATE SET tier = excluded.tier, client = excluded.client, set_at = now()
        """;

    /// <summary>Sets a wallet's tier, for its scores from now on.</summary>
    public Task SetAsync(WalletAddress address, int tier, string client) =>
        turns.WriteAsync(address, database, connection => SetAsync(connection, address, tier, client));

    /// <summary>The same on a connection.</summary>
    public static async Task<int> SetAsync(NpgsqlConnection connection, WalletAddress address, int tier, string client)
    {
        await using var command = connection.CreateCommand(Upsert, address.Lower, tier, client);
        command.CommandTimeout = DatabaseDefaults.LockingCommandTimeout;
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>A wallet's tier.</summary>
    public Task<int> GetAsync(WalletAddress address) =>
        database.RunAsync(
            async connection =>
            {
                await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Find(address) } };
                await using var reader = await batch.ExecuteReaderAsync();
                return await ReadAsync(reader);
            },
            DatabaseDefaults.ReadLimit
        );

    /// <summary>Asks for a wallet's tier; <see cref="ReadAsync"/> reads the answer.</summary>
    public static NpgsqlBatchCommand Find(WalletAddress address) =>
        SqlCommands.Batched("SELECT tier FROM wallet_staking WHERE address = $1", address.Lower);

    public static async Task<int> ReadAsync(NpgsqlDataReader reader) => await reader.ReadAsync() ? reader.GetInt32(0) : 0;
}
