using NeuroCred.Api.Live;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Tests.Api.Live;

public class LiveScoreHubTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly LiveScoreHub _hub = new();

    private static WalletAddress Address(char digit) =>
        WalletAddress.TryParse("0x" + new string(digit, 40), out var address)
            ? address
            : throw new ArgumentOutOfRangeException(nameof(digit));

    [Fact]
    public async Task Everyone_who_watches_a_wallet_is_woken_by_its_newer_score_and_by_no_other()
    {
        using var first = _hub.Begin(Address('a'));
        using var second = _hub.Begin(Address('a'));
        using var other = _hub.Begin(Address('b'));
        var waiting = new[] { first.WaitForNewerAsync(3, Cancellation), second.WaitForNewerAsync(3, Cancellation) };
        var waitingForOther = other.WaitForNewerAsync(3, Cancellation);

        _hub.Announce(Address('a').Lower, 3);
        Assert.DoesNotContain(waiting, w => w.IsCompleted);
        _hub.Announce(Address('a').Lower, 4);

        await Task.WhenAll(waiting).WaitAsync(s_patience, Cancellation);
        Assert.False(waitingForOther.IsCompleted);
    }

    [Fact]
    public async Task What_was_announced_before_one_waits_is_not_missed()
    {
        using var watch = _hub.Begin(Address('a'));

        _hub.Announce(Address('a').Lower, 7);
        _hub.Announce(Address('a').Lower, 5);

        await watch.WaitForNewerAsync(6, Cancellation).WaitAsync(s_patience, Cancellation);
        Assert.False(watch.WaitForNewerAsync(7, Cancellation).IsCompleted);
    }

    [Fact]
    public void A_wallet_is_watched_until_the_last_one_has_gone()
    {
        var first = _hub.Begin(Address('a'));
        var second = _hub.Begin(Address('a'));

        first.Dispose();
        first.Dispose();
        Assert.Equal([Address('a').Lower], _hub.Watched);
        second.Dispose();
        Assert.Empty(_hub.Watched);
    }

    [Fact]
    public async Task One_who_has_gone_is_not_kept_waiting()
    {
        using var watch = _hub.Begin(Address('a'));
        using var gone = new CancellationTokenSource();
        var waiting = watch.WaitForNewerAsync(0, gone.Token);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(s_patience, Cancellation));
    }

    [Theory]
    [InlineData("0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 2", true)]
    [InlineData("0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa -2", false)]
    [InlineData("0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    [InlineData("", false)]
    public async Task What_another_replica_announces_is_taken_in_and_what_is_no_announcement_is_not(string message, bool taken)
    {
        using var watch = _hub.Begin(Address('a'));

        new ScoreAnnouncer(_hub).Receive(message);
        var waiting = watch.WaitForNewerAsync(1, Cancellation);

        Assert.Equal(taken, waiting.IsCompleted);
        if (taken)
        {
            await waiting;
        }
    }
}
