using NeuroCred.Api.Scoring;

namespace NeuroCred.Tests.Api.Scoring;

public class WalletFeaturesTests
{
    private static WeeklyActivity Week(int week, decimal volume, decimal stable = 0, long transactions = 1, int days = 1) =>
        new(week, days, transactions, volume, stable);

    [Fact]
    public void Sums_and_ratios_follow_from_the_weeks()
    {
        var features = WalletFeatures.Of([Week(0, 100, 70, 4, 3), Week(57, 50, 50, 2)], 0);

        Assert.Equal((6, 150m, 0.8, 4), (features.Transactions, features.VolumeUsd, features.StablecoinRatio, features.DaysActive));
    }

    [Fact]
    public void A_wallet_without_transactions_has_no_features() => Assert.Equal(new(0, 0, 0, 0, 0, 0), WalletFeatures.Of([], 0));

    [Fact]
    public void Transactions_without_value_divide_by_nothing()
    {
        var features = WalletFeatures.Of([Week(0, 0), Week(4, 0)], 0);

        Assert.Equal((0.0, 0.0, 2), (features.StablecoinRatio, features.Volatility, features.DaysActive));
    }

    [Fact]
    public void The_same_value_each_week_is_no_volatility() =>
        Assert.Equal(0, WalletFeatures.VolatilityOf([Week(0, 100), Week(1, 100), Week(2, 100)]));

    [Fact]
    public void A_single_week_is_too_short_to_be_volatile() => Assert.Equal(0, WalletFeatures.VolatilityOf([Week(0, 1000, days: 2)]));

    [Fact]
    public void Volatility_is_the_share_that_would_have_to_move_to_other_weeks() =>
        Assert.Equal(0.4, WalletFeatures.VolatilityOf([Week(0, 90), Week(1, 10)])); // mean 50: 40 of 100 move

    [Fact]
    public void Weeks_without_transactions_count_as_weeks()
    {
        var fourWeeksOfWhichTwoAreEmpty = new[] { Week(0, 50), Week(3, 50) };

        Assert.Equal(0.5, WalletFeatures.VolatilityOf(fourWeeksOfWhichTwoAreEmpty));
    }

    [Fact]
    public void Volatility_depends_on_neither_order_nor_unit()
    {
        WeeklyActivity[] weeks = [Week(0, 10), Week(1, 25), Week(4, 5)];

        Assert.Equal(
            WalletFeatures.VolatilityOf(weeks),
            WalletFeatures.VolatilityOf([.. weeks.Reverse().Select(week => week with { VolumeUsd = week.VolumeUsd * 1000 })])
        );
    }
}
