using NeuroCred.Api.Scores;
using NeuroCred.Api.Scoring;

namespace NeuroCred.Tests.Api.Scores;

public class ChangeReasonsTests
{
    private static readonly WalletFeatures s_before = new(20, 300, 0.6, 5, 0.1, 1);

    [Fact]
    public void A_wallets_first_score_is_its_initial_one() =>
        Assert.Equal("initial_score", ChangeReasons.Of(null, Scorecard.Assess(s_before).Explanation));

    [Fact]
    public void Another_staking_tier_is_the_reason_whatever_else_changed() =>
        Assert.Equal("staking_boost", ReasonFor(s_before with { StakingTier = 2, Transactions = 21, StablecoinRatio = 0.5 }));

    [Fact]
    public void Another_number_of_transactions_is_the_reason_also_if_it_gives_no_points() =>
        Assert.Equal("transaction_volume", ReasonFor(s_before with { Transactions = 21, StablecoinRatio = 0.5 }));

    [Fact]
    public void Another_volume_is_the_reason() => Assert.Equal("transaction_volume", ReasonFor(s_before with { VolumeUsd = 301 }));

    [Fact]
    public void Another_share_of_stablecoins_alone_is_diversification() =>
        Assert.Equal("portfolio_diversification", ReasonFor(s_before with { StablecoinRatio = 0.5 }));

    [Fact]
    public void The_same_features_are_a_recalculation() => Assert.Equal("score_recalculation", ReasonFor(s_before));

    [Fact]
    public void A_score_that_does_not_explain_itself_differs_in_what_it_lacks() =>
        Assert.Equal("staking_boost", ChangeReasons.Of([], Scorecard.Assess(s_before).Explanation));

    private static string ReasonFor(WalletFeatures after) =>
        ChangeReasons.Of(Scorecard.Assess(s_before).Explanation, Scorecard.Assess(after).Explanation);
}
