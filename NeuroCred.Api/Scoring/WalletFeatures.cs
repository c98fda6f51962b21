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
    public static WalletFeatures Of(IReadOnlyList<DailyActivity> days, int stakingTier)
    {
        var volume = days.Sum(day => day.VolumeUsd);
        return new(
            days.Sum(day => day.Transactions),
            volume,
            volume > 0 ? Round(days.Sum(day => day.StableVolumeUsd) / volume) : 0,
            days.Count,
            VolatilityOf(days),
            stakingTier
        );
    }

    /// <summary>
    /// The share of the volume that would have to move to other weeks for every week, from the first transaction's to the last's, to carry
    /// the same (the Hoover index). Weeks are seven days each, counted from the first day. 0: perfectly even, or no more than one week;
    /// 0.5: half of it is bunched together. Unlike a standard deviation it is bounded and needs no unit, so the thresholds mean the same
    /// for every wallet, and one large transfer counts with its share and no more.
    /// </summary>
    internal static double VolatilityOf(IReadOnlyList<DailyActivity> days)
    {
        var total = days.Sum(day => day.VolumeUsd);
        if (total == 0)
        {
            return 0;
        }
        var first = days.Min(day => day.Day).DayNumber;
        var byWeek = days.GroupBy(day => (day.Day.DayNumber - first) / 7)
            .ToDictionary(week => week.Key, week => week.Sum(day => day.VolumeUsd));
        var mean = total / (byWeek.Keys.Max() + 1);
        return Round(byWeek.Values.Where(volume => volume > mean).Sum(volume => volume - mean) / total); // what is above = what is below
    }

    // Rounded before it meets a threshold: the value shown is the value judged.
    private static double Round(decimal ratio) => (double)decimal.Round(ratio, 4);
}
