using System.Text.Json;
using Npgsql;
using NeuroCred.Api.Postgres;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Api.Scores;

/// <summary>A wallet's current score, from the cache or else from Postgres.</summary>
internal sealed class ScoreReader(Database database, IScoreCache cache)
{
    /// <returns>The answer as JSON, or null when the wallet has no score, and whether the cache had it.</returns>
    public async Task<(string? Score, bool FromCache)> FindAsync(WalletAddress address)
    {
        var (found, ticket) = await LookUpAsync(address);
        if (found is not null)
        {
            return (found, true);
        }
        var (answer, unchanging) = await database.RunAsync(connection => ReadAsync(connection, address));
        if (answer is null)
        {
            return (null, false);
        }
        var score = JsonSerializer.Serialize(answer, ApiJson.Default.ScoreAnswer);
        if (ticket is not null && unchanging)
        {
            await cache.FillAsync(address, ticket, score);
        }
        return (score, false);
    }

    private async Task<CacheLookup> LookUpAsync(WalletAddress address)
    {
        try
        {
            return await cache.FindAsync(address);
        }
        catch (Exception e) when (DatabaseFaults.IsWorthAnotherConnection(e))
        {
            return CacheLookup.Nothing; // the fence's connection broke; the pool below tells whether Postgres is back
        }
    }

    // Two statements of one implicit transaction: the second's snapshot is taken after the first got the lock. In one statement the
    // snapshot would be older than the lock, and could miss a commit that released it.
    private static async Task<(ScoreAnswer? Answer, bool Unchanging)> ReadAsync(NpgsqlConnection connection, WalletAddress address)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { WalletLock.TryShare(address), ScoreHistory.Newest(address) } };
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.ReadAsync();
        var unchanging = reader.GetBoolean(0);
        await reader.NextResultAsync();
        return (await reader.ReadAsync() ? ScoreHistory.Read(reader, address) : null, unchanging);
    }
}
