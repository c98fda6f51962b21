namespace NeuroCred.Api.Scoring;

/// <summary>The published scorecard: a base of 500, points by feature, clamped to 0..1000. A threshold must be exceeded to count.</summary>
internal static class Scorecard
{
    public const int Base = 500;

    /// <summary>Raise it with every change of points, thresholds, features or bands: answers name it.</summary>
    public const string Version = "1";

    private static readonly (double Above, int Points)[] s_transactions = [(100, 200), (50, 150), (20, 100), (10, 50)];
    private static readonly (double Above, int Points)[] s_volumeUsd = [(1000, 150), (500, 100), (100, 50)];
    private static readonly (double Above, int Points)[] s_stablecoinRatio = [(0.7, 100), (0.5, 50)];
    private static readonly (double Above, int Points)[] s_daysActive = [(90, 100), (30, 50)];
    private static readonly (double Above, int Points)[] s_volatility = [(0.5, -150), (0.3, -100), (0.2, -50)];
    private static readonly int[] s_stakingTierPoints = [0, 50, 150, 300];

    public static Assessment Assess(WalletFeatures features)
    {
        List<FeaturePoints> explanation =
        [
            new("base", null, Base, "every wallet starts here"),
            Rate(Features.Transactions, features.Transactions, s_transactions),
            Rate(Features.VolumeUsd, (double)features.VolumeUsd, s_volumeUsd),
            Rate(Features.StablecoinRatio, features.StablecoinRatio, s_stablecoinRatio),
            Rate(Features.DaysActive, features.DaysActive, s_daysActive),
            Rate(Features.Volatility, features.Volatility, s_volatility),
        ];
        var baseScore = Clamp(explanation.Sum(entry => entry.Points));

        var tier = Math.Clamp(features.StakingTier, 0, s_stakingTierPoints.Length - 1);
        var boost = s_stakingTierPoints[tier];
        explanation.Add(new(Features.StakingTier, tier, boost, tier == 0 ? "nothing staked" : $"tier {tier}"));

        var score = Clamp(baseScore + boost);
        return new(score, baseScore, RiskBands.Of(score, tier, features.Transactions > 0), boost, tier, explanation);
    }

    private static FeaturePoints Rate(string feature, double value, (double Above, int Points)[] steps)
    {
        foreach (var (above, points) in steps)
        {
            if (value > above)
            {
                return new(feature, value, points, $"more than {above}");
            }
        }

        return new(feature, value, 0, $"not more than {steps[^1].Above}");
    }

    private static int Clamp(int points) => Math.Clamp(points, 0, 1000);
}
