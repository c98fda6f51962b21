using NeuroCred.Api.Lending;

namespace NeuroCred.Tests.Api.Lending;

public class LoanToValueTests
{
    [Theory]
    [InlineData(1, 7000)]
    [InlineData(2, 5000)]
    [InlineData(3, 3000)]
    [InlineData(0, 0)]
    public void The_published_share_follows_from_the_band(int riskBand, int bps) => Assert.Equal(bps, LoanToValue.BpsOf(riskBand));
}
