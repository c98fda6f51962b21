using NeuroCred.Api.Scoring;

namespace NeuroCred.Api.Scores;

/// <summary>Why a score may differ from the one before.</summary>
internal static class ChangeReasons
{
    public const string InitialScore = "initial_score";
    public const string StakingBoost = "staking_boost";
    public const string TransactionVolume = "transaction_volume";
    public const string PortfolioDiversification = "portfolio_diversification";
    public const string ScoreRecalculation = "score_recalculation";

    /// <summary>
    /// Compares a score's explanation with that of the one before (null for a wallet's first score): another staking tier, else another
    /// number or volume of transactions, else another share of stablecoins, else a recalculation.
    /// </summary>
    public static string Of(IReadOnlyList<FeaturePoints>? previous, IReadOnlyList<FeaturePoints> current)
    {
        bool Changed(string feature) => ValueOf(previous, feature) != ValueOf(current, feature);
        return previous is null ? InitialScore
            : Changed(Features.StakingTier) ? StakingBoost
            : Changed(Features.Transactions) || Changed(Features.VolumeUsd) ? TransactionVolume
            : Changed(Features.StablecoinRatio) ? PortfolioDiversification
            : ScoreRecalculation;
    }

    private static double? ValueOf(IReadOnlyList<FeaturePoints> explanation, string feature) =>
        explanation.FirstOrDefault(entry => entry.Feature == feature)?.Value;
}
