using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Api.Scores;

/// <summary>Every score ever given, in Postgres. A wallet's newest row is its current score.</summary>
internal static class ScoreHistory
{
    private const string Columns = "score, base_score, risk_band, explanation, staking_boost, staking_tier, computed_at";

    public static NpgsqlBatchCommand Append(WalletAddress address, ScoreAnswer answer) =>
        new($"INSERT INTO score_history (address, {Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        {
            Parameters =
            {
                new() { Value = address.Lower }, new() { Value = answer.Score }, new() { Value = answer.BaseScore },
                new() { Value = answer.RiskBand },
                new()
                {
                    Value = JsonSerializer.Serialize(answer.Explanation, ApiJson.Default.IReadOnlyListFeaturePoints),
                    NpgsqlDbType = NpgsqlDbType.Jsonb,
                },
                new() { Value = answer.StakingBoost }, new() { Value = answer.StakingTier }, new() { Value = answer.ComputedAt },
            },
        };

    public static NpgsqlBatchCommand Newest(WalletAddress address) =>
        new($"SELECT {Columns} FROM score_history WHERE address = $1 ORDER BY id DESC LIMIT 1")
        {
            Parameters = { new() { Value = address.Lower } },
        };

    public static ScoreAnswer Read(NpgsqlDataReader row, WalletAddress address) => new(
        address.ToString(), row.GetInt32(0), row.GetInt32(1), row.GetInt32(2),
        JsonSerializer.Deserialize(row.GetString(3), ApiJson.Default.IReadOnlyListFeaturePoints)!,
        row.GetInt32(4), row.GetInt32(5), row.GetDateTime(6));
}
