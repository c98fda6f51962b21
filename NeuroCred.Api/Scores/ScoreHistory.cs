using System.Text.Json;
using NeuroCred.Api.Postgres;
using NeuroCred.Api.Wallets;
using Npgsql;
using NpgsqlTypes;

namespace NeuroCred.Api.Scores;

/// <summary>Every score ever given, in Postgres. A wallet's newest row is its current score.</summary>
internal static class ScoreHistory
{
    private const string Columns =
        "sequence, score, base_score, risk_band, explanation, staking_boost, staking_tier, scorecard, reason, computed_at";

    /// <summary>To be run by who holds the wallet's lock, since before the sequence was chosen. The client is who asked for the
    /// score.</summary>
    public static NpgsqlBatchCommand Append(WalletAddress address, ScoreAnswer answer, string client) =>
        SqlCommands.Batched(
            $"INSERT INTO score_history (address, {Columns}, client) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            address.Lower,
            answer.Sequence,
            answer.Score,
            answer.BaseScore,
            answer.RiskBand,
            new NpgsqlParameter
            {
                Value = JsonSerializer.Serialize(answer.Explanation, ApiJson.Default.IReadOnlyListFeaturePoints),
                NpgsqlDbType = NpgsqlDbType.Jsonb,
            },
            answer.StakingBoost,
            answer.StakingTier,
            answer.Scorecard,
            (object?)answer.Reason ?? DBNull.Value,
            answer.ComputedAt,
            client
        );

    public static NpgsqlBatchCommand Newest(WalletAddress address) =>
        SqlCommands.Batched($"SELECT {Columns} FROM score_history WHERE address = $1 ORDER BY sequence DESC LIMIT 1", address.Lower);

    /// <summary>The first scores after the given one, in order.</summary>
    public static NpgsqlBatchCommand After(WalletAddress address, long sequence, int limit) =>
        SqlCommands.Batched(
            $"SELECT {Columns} FROM score_history WHERE address = $1 AND sequence > $2 ORDER BY sequence LIMIT $3",
            address.Lower,
            sequence,
            limit
        );

    /// <summary>The last scores before the given one, newest first.</summary>
    public static NpgsqlBatchCommand Before(WalletAddress address, long sequence, int limit) =>
        SqlCommands.Batched(
            $"SELECT {Columns} FROM score_history WHERE address = $1 AND sequence < $2 ORDER BY sequence DESC LIMIT $3",
            address.Lower,
            sequence,
            limit
        );

    // A look-up per wallet at the end of its part of the index; GROUP BY would read all of that part.
    public static NpgsqlBatchCommand NewestSequences(string[] addresses) =>
        SqlCommands.Batched(
            """
            SELECT address, newest FROM unnest($1) AS given (address)
            CROSS JOIN LATERAL (SELECT max(sequence) AS newest FROM score_history WHERE score_history.address = given.address) AS found
            WHERE newest IS NOT NULL
            """,
            [addresses] // one value, and not one for each address
        );

    /// <summary>Reads the only row; null if there is none.</summary>
    public static async Task<ScoreAnswer?> ReadOneAsync(NpgsqlDataReader reader, WalletAddress address) =>
        await reader.ReadAsync() ? Read(reader, address) : null;

    /// <summary>Reads all rows.</summary>
    public static async Task<List<ScoreAnswer>> ReadAllAsync(NpgsqlDataReader reader, WalletAddress address)
    {
        List<ScoreAnswer> scores = [];
        while (await reader.ReadAsync())
        {
            scores.Add(Read(reader, address));
        }

        return scores;
    }

    private static ScoreAnswer Read(NpgsqlDataReader row, WalletAddress address) =>
        new(
            row.GetInt64(0),
            address.ToString(),
            row.GetInt32(1),
            row.GetInt32(2),
            row.GetInt32(3),
            JsonSerializer.Deserialize(row.GetString(4), ApiJson.Default.IReadOnlyListFeaturePoints)!,
            row.GetInt32(5),
            row.GetInt32(6),
            row.GetString(7),
            row.IsDBNull(8) ? null : row.GetString(8),
            row.GetDateTime(9)
        );
}
