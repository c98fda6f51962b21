using NeuroCred.Api.Wallets;

namespace NeuroCred.Tests.Api.Wallets;

public class WalletTurnsTests
{
    [Fact]
    public async Task A_request_whose_time_passed_while_its_replica_was_suspended_has_none_left_and_no_less_than_none()
    {
        using var turn = await new WalletTurns(new SuspendedTime(), most: 1).TakeAsync(NumberedWallet.Of(1));

        Assert.Equal(TimeSpan.Zero, turn!.Left);
    }

    [Fact]
    public async Task A_wallet_that_many_requests_wait_for_turns_more_away_at_once_and_no_other_wallet()
    {
        var turns = new WalletTurns(TimeProvider.System, most: 2);
        var turn = await turns.TakeAsync(NumberedWallet.Of(1));
        var waiting = turns.TakeAsync(NumberedWallet.Of(1));

        Assert.Null(await turns.TakeAsync(NumberedWallet.Of(1)));
        using var other = await turns.TakeAsync(NumberedWallet.Of(2));
        Assert.NotNull(other);
        Assert.False(waiting.IsCompleted);

        turn!.Dispose();
        using var next = await waiting;
        Assert.NotNull(next);
    }

    /// <summary>Ten seconds pass whenever it is asked.</summary>
    private sealed class SuspendedTime : TimeProvider
    {
        private long _asked;

        public override long GetTimestamp() => 10 * TimestampFrequency * _asked++;
    }
}
