using System.Text.Json;
using NeuroCred.Api.Wallets;
using Npgsql;
using NpgsqlTypes;

namespace NeuroCred.Api.Scores;

/// <summary>Every score ever given, in Postgres. A wallet's newest row is its current score.</summary>
internal static class ScoreHistory
{
    private const string Columns = "score, base_score, risk_band, explanation, staking_boost, staking_tier, computed_at";

    /// <summary>Answers the sequence that the database gave; see the migration. The client is who asked for the score.</summary>
    public static NpgsqlBatchCommand Append(WalletAddress address, ScoreAnswer answer, string client) =>
        new($"INSERT INTO score_history (address, {Columns}, client) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING sequence")
        {
            Parameters =
            {
                new() { Value = address.Lower },
                new() { Value = answer.Score },
                new() { Value = answer.BaseScore },
                new() { Value = answer.RiskBand },
                new()
                {
                    Value = JsonSerializer.Serialize(answer.Explanation, ApiJson.Default.IReadOnlyListFeaturePoints),
                    NpgsqlDbType = NpgsqlDbType.Jsonb,
                },
                new() { Value = answer.StakingBoost },
                new() { Value = answer.StakingTier },
                new() { Value = answer.ComputedAt },
                new() { Value = client },
            },
        };

    public static NpgsqlBatchCommand Newest(WalletAddress address) =>
        new($"SELECT {Columns} FROM score_history WHERE address = $1 ORDER BY sequence DESC LIMIT 1")
        {
            Parameters = { new() { Value = address.Lower } },
        };

    /// <summary>The first scores after the given one; each row ends with its sequence.</summary>
    public static NpgsqlBatchCommand After(WalletAddress address, long sequence, int limit) =>
        new($"SELECT {Columns}, sequence FROM score_history WHERE address = $1 AND sequence > $2 ORDER BY sequence LIMIT $3")
        {
            Parameters =
            {
                new() { Value = address.Lower },
                new() { Value = sequence },
                new() { Value = limit },
            },
        };

    // A look-up per wallet at the end of its part of the index; GROUP BY would read all of that part.
    public static NpgsqlBatchCommand NewestSequences(string[] addresses) =>
        new(
            """
            SELECT address, newest FROM unnest($1) AS given (address)
            CROSS JOIN LATERAL (SELECT max(sequence) AS newest FROM score_history WHERE score_history.address = given.address) AS found
            WHERE newest IS NOT NULL
            """
        )
        {
            Parameters = { new() { Value = addresses } },
        };

    public static long ReadSequence(NpgsqlDataReader row) => row.GetInt64(7);

    public static ScoreAnswer Read(NpgsqlDataReader row, WalletAddress address) =>
        new(
            address.ToString(),
            row.GetInt32(0),
            row.GetInt32(1),
            row.GetInt32(2),
            JsonSerializer.Deserialize(row.GetString(3), ApiJson.Default.IReadOnlyListFeaturePoints)!,
            row.GetInt32(4),
            row.GetInt32(5),
            row.GetDateTime(6)
        );
}
