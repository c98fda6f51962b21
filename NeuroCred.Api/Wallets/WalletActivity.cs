using NeuroCred.Api.Scoring;
using Npgsql;

namespace NeuroCred.Api.Wallets;

/// <summary>What a wallet's score is computed from, in Postgres.</summary>
internal static class WalletActivity
{
    private const string Days = """
        SELECT day, transactions, volume_usd, stable_volume_usd FROM wallet_daily_activity WHERE address = $1 ORDER BY day
        """;

    /// <summary>Reads it in one round trip, as seen by the connection's transaction.</summary>
    public static async Task<WalletFeatures> ReadAsync(NpgsqlConnection connection, WalletAddress address)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(Days) { Parameters = { new() { Value = address.Lower } } },
                StakingStore.Find(address),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync();
        List<DailyActivity> days = [];
        while (await reader.ReadAsync())
        {
            days.Add(new(reader.GetFieldValue<DateOnly>(0), reader.GetInt64(1), reader.GetDecimal(2), reader.GetDecimal(3)));
        }
        await reader.NextResultAsync();
        return WalletFeatures.Of(days, await StakingStore.ReadAsync(reader));
    }
}
