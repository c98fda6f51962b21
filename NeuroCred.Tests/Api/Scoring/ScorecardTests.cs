using NeuroCred.Api.Scoring;

namespace NeuroCred.Tests.Api.Scoring;

public class ScorecardTests
{
    private static readonly WalletFeatures s_nothing = new(0, 0, 0, 0, 0, 0);

    private static int PointsOf(string feature, WalletFeatures features) =>
        Scorecard.Assess(features).Explanation.Single(entry => entry.Feature == feature).Points;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10, 0)]
    [InlineData(11, 50)]
    [InlineData(20, 50)]
    [InlineData(21, 100)]
    [InlineData(50, 100)]
    [InlineData(51, 150)]
    [InlineData(100, 150)]
    [InlineData(101, 200)]
    public void Transactions_give_points_above_each_threshold(long transactions, int points) =>
        Assert.Equal(points, PointsOf("transactions", s_nothing with { Transactions = transactions }));

    [Theory]
    [InlineData("100", 0)]
    [InlineData("100.01", 50)]
    [InlineData("500", 50)]
    [InlineData("500.01", 100)]
    [InlineData("1000", 100)]
    [InlineData("1000.00000001", 150)]
    public void Volume_gives_points_above_each_threshold(string volume, int points) =>
        Assert.Equal(points, PointsOf("volumeUsd", s_nothing with { VolumeUsd = decimal.Parse(volume) }));

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.5001, 50)]
    [InlineData(0.7, 50)]
    [InlineData(0.7001, 100)]
    public void Stablecoins_give_points_above_each_threshold(double ratio, int points) =>
        Assert.Equal(points, PointsOf("stablecoinRatio", s_nothing with { StablecoinRatio = ratio }));

    [Theory]
    [InlineData(30, 0)]
    [InlineData(31, 50)]
    [InlineData(90, 50)]
    [InlineData(91, 100)]
    public void Active_days_give_points_above_each_threshold(int days, int points) =>
        Assert.Equal(points, PointsOf("daysActive", s_nothing with { DaysActive = days }));

    [Theory]
    [InlineData(0.2, 0)]
    [InlineData(0.2001, -50)]
    [InlineData(0.3, -50)]
    [InlineData(0.3001, -100)]
    [InlineData(0.5, -100)]
    [InlineData(0.5001, -150)]
    public void Volatility_costs_points_above_each_threshold(double volatility, int points) =>
        Assert.Equal(points, PointsOf("volatility", s_nothing with { Volatility = volatility }));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 50)]
    [InlineData(2, 150)]
    [InlineData(3, 300)]
    public void Staking_is_a_boost_on_top_of_the_base_score(int tier, int boost)
    {
        var assessment = Scorecard.Assess(s_nothing with { StakingTier = tier });

        Assert.Equal((500, boost, 500 + boost), (assessment.BaseScore, assessment.StakingBoost, assessment.Score));
    }

    [Fact]
    public void A_score_never_exceeds_1000()
    {
        var assessment = Scorecard.Assess(new(101, 1001, 0.71, 91, 0, 3));

        Assert.Equal(1050, assessment.Explanation.Where(entry => entry.Feature != "stakingTier").Sum(entry => entry.Points));
        Assert.Equal((1000, 1000), (assessment.BaseScore, assessment.Score));
    }

    [Fact]
    public void The_explanation_adds_up_to_the_score()
    {
        var assessment = Scorecard.Assess(new(25, 675, 0.65, 25, 0.22, 1));

        Assert.Equal(assessment.Score, assessment.Explanation.Sum(entry => entry.Points));
        Assert.Equal(750, assessment.Score);
    }

    [Theory]
    [InlineData(1000, 0, 1)]
    [InlineData(750, 0, 1)]
    [InlineData(749, 0, 2)]
    [InlineData(500, 0, 2)]
    [InlineData(499, 0, 3)]
    [InlineData(0, 0, 3)]
    [InlineData(499, 1, 3)]
    [InlineData(499, 2, 2)]
    [InlineData(600, 3, 1)]
    [InlineData(900, 3, 1)]
    public void Bands_follow_the_score_and_staking_improves_them_by_one(int score, int tier, int band) =>
        Assert.Equal(band, RiskBands.Of(score, tier, hasTransactions: true));

    [Fact]
    public void A_wallet_without_transactions_has_an_unknown_risk_even_when_it_stakes() =>
        Assert.Equal(0, Scorecard.Assess(s_nothing with { StakingTier = 3 }).RiskBand);
}
