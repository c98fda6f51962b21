using NeuroCred.Api.Wallets;

namespace NeuroCred.Tests.Api.Wallets;

public class WalletTurnsTests
{
    [Fact]
    public async Task A_request_whose_time_passed_while_its_replica_was_suspended_has_none_left_and_no_less_than_none()
    {
        using var turn = await new WalletTurns(new SuspendedTime()).TakeAsync(NumberedWallet.Of(1));

        Assert.Equal(TimeSpan.Zero, turn!.Left);
    }

    /// <summary>Ten seconds pass whenever it is asked.</summary>
    private sealed class SuspendedTime : TimeProvider
    {
        private long _asked;

        public override long GetTimestamp() => 10 * TimestampFrequency * _asked++;
    }
}
