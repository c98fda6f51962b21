using StackExchange.Redis;

namespace NeuroCred.Benchmarks.Cost;

/// <summary>Tells all replicas of scores that nobody watches, at a fixed rate, as other replicas would.</summary>
internal static class Announcements
{
    // The Api's channel and message: an address and a sequence.
    private const string Channel = "neurocred:scores";
    private const string Message = "0x0000000000000000000000000000000000000001 1";
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(10);

    /// <summary>Announces until told to stop.</summary>
    /// <returns>How many.</returns>
    public static async Task<int> SendAsync(string redis, int perSecond, CancellationToken stop)
    {
        await using var multiplexer = await ConnectionMultiplexer.ConnectAsync(redis);
        var subscriber = multiplexer.GetSubscriber();
        var sent = 0;
        using var timer = new PeriodicTimer(s_tick);
        var started = TimeProvider.System.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            for (var due = (int)(TimeProvider.System.GetElapsedTime(started).TotalSeconds * perSecond); sent < due; sent++)
            {
                await subscriber.PublishAsync(RedisChannel.Literal(Channel), Message, CommandFlags.FireAndForget);
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        return sent;
    }
}
