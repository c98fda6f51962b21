using NeuroCred.Api.Postgres;
using NeuroCred.Api.Scoring;
using Npgsql;

namespace NeuroCred.Api.Wallets;

/// <summary>What a wallet's score is computed from, in Postgres.</summary>
internal static class WalletActivity
{
    // Summed where the days are: of a wallet of ten years some 500 rows are sent and not 4,000.
    private const string Weeks = """
        SELECT (day - (SELECT min(day) FROM wallet_daily_activity WHERE address = $1)) / 7 AS week, count(*)::int,
               sum(transactions)::bigint, sum(volume_usd), sum(stable_volume_usd)
        FROM wallet_daily_activity WHERE address = $1 GROUP BY week
        """;

    /// <summary>Reads it in one round trip, as seen by the connection's transaction.</summary>
    public static async Task<WalletFeatures> ReadAsync(NpgsqlConnection connection, WalletAddress address)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { SqlCommands.Batched(Weeks, address.Lower), StakingStore.Find(address) },
        };
        await using var reader = await batch.ExecuteReaderAsync();
        List<WeeklyActivity> weeks = [];
        while (await reader.ReadAsync())
        {
            weeks.Add(new(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt64(2), reader.GetDecimal(3), reader.GetDecimal(4)));
        }

        await reader.NextResultAsync();
        return WalletFeatures.Of(weeks, await StakingStore.ReadAsync(reader));
    }
}
