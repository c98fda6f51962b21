using NeuroCred.Api.Scoring;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Api.Scores;

/// <summary>A wallet's score as clients see it, in every answer that has one, and the content of the cache.</summary>
/// <param name="Sequence">The score's place among its wallet's: 1, 2, 3, ... in the order of their commits.</param>
/// <param name="Address">The wallet, with its checksum (EIP-55).</param>
/// <param name="Score">0 to 1000: base score and staking boost, clamped.</param>
/// <param name="BaseScore">0 to 1000, without staking.</param>
/// <param name="RiskBand">1 low, 2 medium, 3 high, 0 unknown: a wallet without transactions.</param>
/// <param name="Explanation">Every feature with its points; they add up to the score, but for the clamping.</param>
/// <param name="StakingBoost">Points for staking.</param>
/// <param name="StakingTier">0 to 3.</param>
/// <param name="Scorecard">The version of the scorecard that it was computed with.</param>
/// <param name="Reason">Why it may differ from the one before: <c>initial_score</c>, <c>staking_boost</c>, <c>transaction_volume</c>,
/// <c>portfolio_diversification</c> or <c>score_recalculation</c>; left out if that was not recorded.</param>
/// <param name="ComputedAt">When it was computed, UTC, in whole milliseconds.</param>
internal sealed record ScoreAnswer(
    long Sequence,
    string Address,
    int Score,
    int BaseScore,
    int RiskBand,
    IReadOnlyList<FeaturePoints> Explanation,
    int StakingBoost,
    int StakingTier,
    string Scorecard,
    string? Reason,
    DateTime ComputedAt
)
{
    /// <summary>The answer for a new score.</summary>
    /// <param name="previous">The wallet's newest score, or null when this is its first.</param>
    /// <param name="address">The wallet.</param>
    /// <param name="assessment">What the scorecard says now.</param>
    /// <param name="computedAt">UTC.</param>
    public static ScoreAnswer After(ScoreAnswer? previous, WalletAddress address, Assessment assessment, DateTime computedAt) =>
        new(
            (previous?.Sequence ?? 0) + 1,
            address.ToString(),
            assessment.Score,
            assessment.BaseScore,
            assessment.RiskBand,
            assessment.Explanation,
            assessment.StakingBoost,
            assessment.StakingTier,
            Scoring.Scorecard.Version,
            ChangeReasons.Of(previous?.Explanation, assessment.Explanation),
            computedAt
        );
}
