using NeuroCred.Api.Configuration;
using NeuroCred.Api.Postgres;
using NeuroCred.Api.Wallets;
using Npgsql;

namespace NeuroCred.Api.Scores;

/// <summary>The answer of GET history.</summary>
/// <param name="Address">The wallet, with its checksum.</param>
/// <param name="Scores">Newest first.</param>
/// <param name="Next">What to send as <c>before</c> for the scores that follow; left out when none do.</param>
internal sealed record ScoreHistoryAnswer(string Address, IReadOnlyList<ScoreAnswer> Scores, long? Next);

/// <summary>A wallet's earlier scores, from Postgres.</summary>
internal sealed class ScoreHistoryReader(Database database, TimeProvider time)
{
    /// <returns>The scores before the given sequence, at most <paramref name="limit"/>; null when the wallet has no score at all.</returns>
    public Task<ScoreHistoryAnswer?> ReadPageAsync(WalletAddress address, long before, int limit) =>
        database.RunAsync(
            async connection =>
            {
                // One more than asked for tells whether others follow.
                await using var batch = new NpgsqlBatch(connection)
                {
                    BatchCommands = { ScoreHistory.Before(address, before, limit + 1), ScoreHistory.NewestSequences([address.Lower]) },
                };
                await using var reader = await batch.ExecuteReaderAsync();
                var scores = await ScoreHistory.ReadAllAsync(reader, address);
                await reader.NextResultAsync();
                if (!await reader.ReadAsync())
                {
                    return null;
                }

                List<ScoreAnswer> page = [.. scores.Take(limit)];
                return new ScoreHistoryAnswer(address.ToString(), page, scores.Count > limit ? page[^1].Sequence : null);
            },
            DatabaseDefaults.ReadLimit
        );

    /// <returns>Null when the wallet has no score.</returns>
    public Task<ScoreTrend?> ReadTrendAsync(WalletAddress address) =>
        database.RunAsync(
            async connection =>
            {
                await using var batch = new NpgsqlBatch(connection)
                {
                    BatchCommands = { ScoreTrend.Query(address, time.GetUtcNow().UtcDateTime) },
                };
                await using var reader = await batch.ExecuteReaderAsync();
                await reader.ReadAsync();
                return ScoreTrend.Read(reader, address);
            },
            DatabaseDefaults.ReadLimit
        );
}
