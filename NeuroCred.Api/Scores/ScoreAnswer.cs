using NeuroCred.Api.Scoring;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Api.Scores;

/// <summary>A wallet's score as clients see it: the answer of POST and of GET /api/score, and the content of the cache.</summary>
/// <param name="Address">The wallet, with its checksum (EIP-55).</param>
/// <param name="Score">0 to 1000: base score and staking boost, clamped.</param>
/// <param name="BaseScore">0 to 1000, without staking.</param>
/// <param name="RiskBand">1 low, 2 medium, 3 high, 0 unknown: a wallet without transactions.</param>
/// <param name="Explanation">Every feature with its points; they add up to the score, but for the clamping.</param>
/// <param name="StakingBoost">Points for staking.</param>
/// <param name="StakingTier">0 to 3.</param>
/// <param name="ComputedAt">When it was computed, UTC.</param>
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
