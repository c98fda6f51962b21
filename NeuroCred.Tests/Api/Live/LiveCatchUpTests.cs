using Microsoft.Extensions.Logging.Abstractions;
using NeuroCred.Api.Live;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Tests.Api.Live;

public sealed class LiveCatchUpTests : IDisposable
{
    private const string Wallet = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly FakeTimeProvider _time = new();
    private readonly LiveScoreHub _hub = new();
    private readonly FakeScoreSource _source = new(Wallet);
    private readonly LiveCatchUp _catchUp;

    public LiveCatchUpTests() => _catchUp = new(_hub, _source, _time, NullLogger<LiveCatchUp>.Instance);

    public void Dispose() => _catchUp.Dispose();

    [Fact]
    public async Task A_score_that_nobody_announced_is_found_also_after_an_outage_of_the_database()
    {
        Assert.True(WalletAddress.TryParse(Wallet, out var address));
        using var watch = _hub.Begin(address);
        var waiting = watch.WaitForNewerAsync(0, Cancellation);
        _source.Append();
        _source.IsAway = true;
        await _catchUp.StartAsync(Cancellation);
        await Until.HoldsAsync(() => Tick() && _source.Reads >= 2, s_patience, () => "It did not look again after a failure.");
        Assert.False(waiting.IsCompleted);

        _source.IsAway = false;
        await Until.HoldsAsync(() => Tick() && waiting.IsCompleted, s_patience, () => "The score was not found.");
        await _catchUp.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Nothing_is_asked_while_nobody_watches()
    {
        await _catchUp.StartAsync(Cancellation);
        for (var second = 0; second < 5; second++)
        {
            Tick();
        }

        Assert.True(WalletAddress.TryParse(Wallet, out var address));
        Assert.Equal(0, _source.Reads);

        using var watch = _hub.Begin(address);
        await Until.HoldsAsync(() => Tick() && _source.Reads > 0, s_patience, () => "It did not look for a watched wallet.");
        await _catchUp.StopAsync(Cancellation);
    }

    private bool Tick()
    {
        _time.Advance(LiveCatchUp.Interval);
        return true;
    }
}
