using NeuroCred.Api.Scores;
using NeuroCred.Api.Wallets;
using NeuroCred.Tests.Api.Wallets;

namespace NeuroCred.Tests.Api.Scores;

public class ScoreTrendTests
{
    private static readonly WalletAddress s_wallet = NumberedWallet.Of(1);

    [Theory]
    [InlineData(600, 611, 11, "up")]
    [InlineData(600, 610, 10, "stable")]
    [InlineData(600, 600, 0, "stable")]
    [InlineData(600, 590, -10, "stable")]
    [InlineData(600, 589, -11, "down")]
    public void A_change_of_up_to_ten_points_is_stable(int earlier, int current, int change, string direction)
    {
        var trend = ScoreTrend.Of(s_wallet, (current, "1"), earlier, (0, 0, 0));

        Assert.Equal((change, direction), (trend.Change30Days, trend.Direction));
    }

    [Theory]
    [InlineData(500, 550, 10.0)]
    [InlineData(600, 550, -8.3)]
    [InlineData(0, 0, 0.0)]
    [InlineData(0, 550, null)]
    public void The_change_in_percent_is_of_the_earlier_score_and_of_nothing_there_is_none(int earlier, int current, double? percent) =>
        Assert.Equal(percent, ScoreTrend.Of(s_wallet, (current, "1"), earlier, (0, 0, 0)).ChangePercent);
}
