namespace NeuroCred.Api.Scoring;

/// <summary>
/// 1 (low risk) from 750, 2 (medium) from 500, 3 (high) below; 0 (unknown) for a wallet without transactions, whose 500 points of base
/// are no evidence of anything. Staking tier 2 or more improves the band by one, not below 1, and does not make the unknown known.
/// </summary>
internal static class RiskBands
{
    public static int Of(int score, int stakingTier, bool hasTransactions)
    {
        if (!hasTransactions)
        {
            return 0;
        }

        var band =
            score >= 750 ? 1
            : score >= 500 ? 2
            : 3;
        return stakingTier >= 2 ? Math.Max(1, band - 1) : band;
    }
}
