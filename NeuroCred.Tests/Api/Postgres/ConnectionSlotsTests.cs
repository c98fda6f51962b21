using Microsoft.Extensions.Time.Testing;
using NeuroCred.Api.Postgres;

namespace NeuroCred.Tests.Api.Postgres;

public sealed class ConnectionSlotsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly ConnectionSlots _slots;

    public ConnectionSlotsTests() => _slots = new(5, Patience, _time);

    public void Dispose() => _slots.Dispose();

    [Fact]
    public async Task A_crowd_opens_two_connections_and_one_more_each_moment_until_all_are_open()
    {
        var crowd = Enumerable.Range(0, 8).Select(_ => _slots.AcquireAsync()).ToArray();
        Assert.Equal(2, Served(crowd));

        foreach (var expected in (int[])[3, 4, 5])
        {
            _time.Advance(ConnectionSlots.GrowthInterval);
            await WholeSystem.Until.HoldsAsync(() => Served(crowd) == expected, Patience, () => $"{Served(crowd)} are served, not {expected}.");
        }

        _time.Advance(10 * ConnectionSlots.GrowthInterval);
        Assert.Equal(5, Served(crowd));
        _slots.Release();
        await WholeSystem.Until.HoldsAsync(() => Served(crowd) == 6, Patience, () => "A slot was given back, and nobody got it.");
    }

    [Fact]
    public async Task Nobody_waiting_opens_nothing()
    {
        await _slots.AcquireAsync();
        await _slots.AcquireAsync();
        _time.Advance(10 * ConnectionSlots.GrowthInterval);

        var third = _slots.AcquireAsync();

        Assert.False(third.IsCompleted);
        _slots.Release();
        await third.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Who_waits_in_vain_is_told_so()
    {
        using var slots = new ConnectionSlots(1, TimeSpan.FromMilliseconds(50), _time);
        await slots.AcquireAsync();

        var error = await Assert.ThrowsAsync<TimeoutException>(slots.AcquireAsync);

        Assert.Equal("every connection of the pool is taken", error.Message);
    }

    private static int Served(IEnumerable<Task> crowd) => crowd.Count(task => task.IsCompletedSuccessfully);
}
