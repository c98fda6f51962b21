using NeuroCred.Api.Scoring;

namespace NeuroCred.Tests.Api.Scoring;

public class WalletFeaturesTests
{
    private static readonly DateOnly Start = new(2025, 1, 6);

    private static DailyActivity Day(int offset, decimal volume, decimal stable = 0, long transactions = 1) =>
        new(Start.AddDays(offset), transactions, volume, stable);

    [Fact]
    public void Sums_and_ratios_follow_from_the_days()
    {
        var features = WalletFeatures.Of([Day(0, 100, 70, 3), Day(400, 50, 50, 2)], 0);

        Assert.Equal((5, 150m, 0.8, 2), (features.Transactions, features.VolumeUsd, features.StablecoinRatio, features.DaysActive));
    }

    [Fact]
    public void A_wallet_without_transactions_has_no_features() => Assert.Equal(new(0, 0, 0, 0, 0, 0), WalletFeatures.Of([], 0));

    [Fact]
    public void Transactions_without_value_divide_by_nothing()
    {
        var features = WalletFeatures.Of([Day(0, 0), Day(30, 0)], 0);

        Assert.Equal((0.0, 0.0, 2), (features.StablecoinRatio, features.Volatility, features.DaysActive));
    }

    [Fact]
    public void The_same_value_each_week_is_no_volatility_wherever_in_the_week_it_falls() =>
        Assert.Equal(0, WalletFeatures.VolatilityOf([Day(0, 60), Day(6, 40), Day(7, 100), Day(20, 100)]));

    [Fact]
    public void A_single_week_is_too_short_to_be_volatile() => Assert.Equal(0, WalletFeatures.VolatilityOf([Day(0, 1), Day(6, 999)]));

    [Fact]
    public void Volatility_is_the_share_that_would_have_to_move_to_other_weeks() =>
        Assert.Equal(0.4, WalletFeatures.VolatilityOf([Day(0, 90), Day(7, 10)])); // mean 50: 40 of 100 move

    [Fact]
    public void Weeks_without_transactions_count_as_weeks()
    {
        var fourWeeksOfWhichTwoAreEmpty = new[] { Day(0, 50), Day(21, 50) };

        Assert.Equal(0.5, WalletFeatures.VolatilityOf(fourWeeksOfWhichTwoAreEmpty));
    }

    [Fact]
    public void Volatility_depends_on_neither_order_nor_unit()
    {
        DailyActivity[] days = [Day(0, 10), Day(9, 25), Day(30, 5)];

        Assert.Equal(
            WalletFeatures.VolatilityOf(days),
            WalletFeatures.VolatilityOf([.. days.Reverse().Select(day => day with { VolumeUsd = day.VolumeUsd * 1000 })])
        );
    }
}
