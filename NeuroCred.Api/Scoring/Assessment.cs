namespace NeuroCred.Api.Scoring;

/// <summary>What the scorecard says about a wallet.</summary>
/// <param name="Score">0 to 1000: <paramref name="BaseScore"/> and <paramref name="StakingBoost"/>, clamped.</param>
/// <param name="BaseScore">0 to 1000, without staking.</param>
/// <param name="RiskBand">1 low, 2 medium, 3 high, 0 unknown: see <see cref="RiskBands"/>.</param>
/// <param name="StakingBoost">Points for staking.</param>
/// <param name="StakingTier">0 to 3.</param>
/// <param name="Explanation">Every feature with its points; they add up to the score, but for the clamping.</param>
internal sealed record Assessment(
    int Score,
    int BaseScore,
    int RiskBand,
    int StakingBoost,
    int StakingTier,
    IReadOnlyList<FeaturePoints> Explanation
);

/// <summary>One line of an explanation.</summary>
/// <param name="Feature">The feature's name.</param>
/// <param name="Value">What the wallet has of it.</param>
/// <param name="Points">What that gave, or cost.</param>
/// <param name="Reason">The rule that applied.</param>
internal sealed record FeaturePoints(string Feature, double? Value, int Points, string Reason);
