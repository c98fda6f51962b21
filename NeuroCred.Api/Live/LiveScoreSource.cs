using NeuroCred.Api.Configuration;
using NeuroCred.Api.Postgres;
using NeuroCred.Api.Scores;
using NeuroCred.Api.Wallets;
using Npgsql;

namespace NeuroCred.Api.Live;

/// <summary>Live scores from Postgres, through few of the connections for requests: a thousand live clients must not starve
/// those.</summary>
internal sealed class LiveScoreSource(Database database) : ILiveScoreSource, IDisposable
{
    private const int MaxConcurrentPages = 4;

    private readonly SemaphoreSlim _pages = new(MaxConcurrentPages);

    public Task<IReadOnlyList<(string Address, long Sequence)>> FindNewestAsync(string[] addresses) =>
        database.RunAsync(
            async connection =>
            {
                await using var batch = new NpgsqlBatch(connection) { BatchCommands = { ScoreHistory.NewestSequences(addresses) } };
                await using var reader = await batch.ExecuteReaderAsync();
                List<(string, long)> newest = [];
                while (await reader.ReadAsync())
                {
                    newest.Add((reader.GetString(0), reader.GetInt64(1)));
                }

                return (IReadOnlyList<(string, long)>)newest;
            },
            DatabaseDefaults.ReadLimit
        );

    public async Task<IReadOnlyList<ScoreAnswer>> ReadAfterAsync(WalletAddress address, long sequence, int limit)
    {
        await _pages.WaitAsync();
        try
        {
            return await database.RunAsync(connection => ReadAsync(connection, address, sequence, limit), DatabaseDefaults.ReadLimit);
        }
        finally
        {
            _pages.Release();
        }
    }

    private static async Task<IReadOnlyList<ScoreAnswer>> ReadAsync(
        NpgsqlConnection connection,
        WalletAddress address,
        long sequence,
        int limit
    )
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { ScoreHistory.After(address, sequence, limit) } };
        await using var reader = await batch.ExecuteReaderAsync();
        return await ScoreHistory.ReadAllAsync(reader, address);
    }

    public void Dispose() => _pages.Dispose();
}
