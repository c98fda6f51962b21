using NeuroCred.Api.Configuration;
using NeuroCred.Api.Postgres;
using NeuroCred.Api.Telemetry;
using NeuroCred.Api.Wallets;
using Npgsql;

namespace NeuroCred.Api.Scores;

/// <summary>A wallet's current score, from the cache or else from Postgres.</summary>
internal sealed class ScoreReader(Database database, IScoreCache cache)
{
    /// <returns>The score, or null when the wallet has none, and whether the cache had it.</returns>
    public async Task<(ScoreJson? Score, bool FromCache)> FindAsync(WalletAddress address)
    {
        database.ThrowIfUnreachable(); // before the cache, which needs Postgres too and would wait for it
        var cached = await LookUpAsync(address);
        ApiTelemetry.Count(cached.Result);
        if (cached.Result == CacheResult.Hit)
        {
            return (cached.Score, true);
        }

        var answer = await database.RunAsync(connection => ReadAsync(connection, address), DatabaseDefaults.ReadLimit);
        if (cached.Result == CacheResult.Miss)
        {
            await FillSoonAsync(address, hasScore: answer is not null);
        }

        return (ToJson(answer), false);
    }

    /// <summary>The same, and says in the answer's X-Cache whether the cache had it.</summary>
    public async Task<ScoreJson?> FindAsync(WalletAddress address, HttpResponse response)
    {
        var (score, fromCache) = await FindAsync(address);
        response.Headers["X-Cache"] = fromCache ? "HIT" : "MISS";
        return score;
    }

    private async Task<CacheLookup> LookUpAsync(WalletAddress address)
    {
        try
        {
            return await cache.FindAsync(address).WaitAsync(DatabaseDefaults.FenceLimit);
        }
        catch (Exception e) when (DatabaseFaults.IsUnavailable(e))
        {
            return CacheLookup.Unavailable; // the fence cannot be asked; reading the score itself tells whether Postgres is there
        }
    }

    // The answer is known: a cache or a pool that is slow must not keep the client waiting for it.
    private async Task FillSoonAsync(WalletAddress address, bool hasScore)
    {
        try
        {
            await FillAsync(address, hasScore).WaitAsync(DatabaseDefaults.FillLimit);
        }
        catch (TimeoutException)
        {
            // It ends by itself.
        }
    }

    private async Task FillAsync(WalletAddress address, bool hasScore)
    {
        try
        {
            if (await cache.ReserveAsync(address, hasScore).WaitAsync(DatabaseDefaults.FenceLimit) is not { } ticket)
            {
                return;
            }

            var (answer, unchanging) = await database.RunAsync(
                connection => ReadUnchangingAsync(connection, address),
                DatabaseDefaults.ReadLimit
            );
            if (unchanging)
            {
                await cache.FillAsync(address, ticket, ToJson(answer));
            }
        }
        catch (Exception e) when (DatabaseFaults.IsUnavailable(e))
        {
            // The answer was read before; another reader fills it in.
        }
    }

    private static ScoreJson? ToJson(ScoreAnswer? answer) => answer is null ? null : ScoreJson.Of(answer);

    private static async Task<ScoreAnswer?> ReadAsync(NpgsqlConnection connection, WalletAddress address)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { ScoreHistory.Newest(address) } };
        await using var reader = await batch.ExecuteReaderAsync();
        return await ScoreHistory.ReadOneAsync(reader, address);
    }

    // Two statements of one implicit transaction: the second's snapshot is taken after the first got the lock. In one statement the
    // snapshot would be older than the lock, and could miss a commit that released it.
    private static async Task<(ScoreAnswer? Answer, bool Unchanging)> ReadUnchangingAsync(
        NpgsqlConnection connection,
        WalletAddress address
    )
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { WalletLock.TryShare(address), ScoreHistory.Newest(address) },
        };
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.ReadAsync();
        var unchanging = reader.GetBoolean(0);
        await reader.NextResultAsync();
        return (await ScoreHistory.ReadOneAsync(reader, address), unchanging);
    }
}
