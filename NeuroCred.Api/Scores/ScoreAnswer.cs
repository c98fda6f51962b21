using NeuroCred.Api.Scoring;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Api.Scores;

/// <summary>A wallet's score as clients see it: the answer of POST and of GET /api/score, and the content of the cache.</summary>
internal sealed record ScoreAnswer(
    string Address,
    int Score,
    int BaseScore,
    int RiskBand,
    IReadOnlyList<FeaturePoints> Explanation,
    int StakingBoost,
    int StakingTier,
    DateTime ComputedAt
)
{
    public static ScoreAnswer From(WalletAddress address, Assessment assessment, DateTime computedAt) =>
        new(
            address.ToString(),
            assessment.Score,
            assessment.BaseScore,
            assessment.RiskBand,
            assessment.Explanation,
            assessment.StakingBoost,
            assessment.StakingTier,
            computedAt
        );
}
