namespace NeuroCred.Api.Scoring;

/// <summary>What the scorecard looks at. All of it follows from what is stored of the wallet, and from nothing else: not from today's
/// date.</summary>
/// <param name="Transactions">Stored transactions.</param>
/// <param name="VolumeUsd">Their value, summed.</param>
/// <param name="StablecoinRatio">The part of that value that moved in stablecoins, 0 to 1; 0 without volume.</param>
/// <param name="DaysActive">Days (UTC) with at least one transaction. Not the span: one transfer a year ago is no year of activity.</param>
/// <param name="Volatility">How unevenly the value is spread over the weeks, 0 to 1: see <see cref="VolatilityOf"/>.</param>
/// <param name="StakingTier">0 to 3, as it was set last; 0 if it never was.</param>
internal sealed record WalletFeatures(
    long Transactions,
    decimal VolumeUsd,
    double StablecoinRatio,
    int DaysActive,
    double Volatility,
    int StakingTier
)
{
    public static WalletFeatures Of(IReadOnlyList<WeeklyActivity> weeks, int stakingTier)
    {
        var volume = weeks.Sum(week => week.VolumeUsd);
        return new(
            weeks.Sum(week => week.Transactions),
            volume,
            volume > 0 ? Round(weeks.Sum(week => week.StableVolumeUsd) / volume) : 0,
            weeks.Sum(week => week.DaysActive),
            VolatilityOf(weeks),
            stakingTier
        );
    }

    /// <summary>
    /// The share of the volume that would have to move to other weeks for every week, from the first transaction's to the last's, to carry
    /// the same (the Hoover index). 0: perfectly even, or no more than one week;
    /// 0.5: half of it is bunched together. Unlike a standard deviation it is bounded and needs no unit, so the thresholds mean the same
    /// for every wallet, and one large transfer counts with its share and no more.
    /// </summary>
    internal static double VolatilityOf(IReadOnlyList<WeeklyActivity> weeks)
    {
        var total = weeks.Sum(week => week.VolumeUsd);
        if (total == 0)
        {
            return 0;
        }

        var mean = total / (weeks.Max(week => week.Week) + 1);
        var above = weeks.Where(week => week.VolumeUsd > mean).Sum(week => week.VolumeUsd - mean);
        return Round(above / total); // what is above the mean is as much as what is below
    }

    // Rounded before it meets a threshold: the value shown is the value judged.
    private static double Round(decimal ratio) => (double)decimal.Round(ratio, 4);
}
