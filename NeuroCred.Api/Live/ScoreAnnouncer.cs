using System.Globalization;
using NeuroCred.Api.Redis;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Api.Live;

/// <summary>
/// Tells all replicas' live clients of a score that was committed: this one's at once, the others' through Redis. It costs the writer
/// nothing and may be lost; <see cref="LiveCatchUp"/> makes up for that.
/// </summary>
internal sealed class ScoreAnnouncer(LiveScoreHub hub, RedisConnection? redis = null)
{
    /// <summary>The Redis channel. A message is an address in lower case, a space, and a sequence.</summary>
    public const string Channel = "neurocred:scores";

    public void Announce(WalletAddress address, long sequence)
    {
        hub.Announce(address.Lower, sequence);
        redis?.Publish(Channel, $"{address.Lower} {sequence}");
    }

    /// <summary>Takes in a message of the channel; one that is none is left alone.</summary>
    public void Receive(string message)
    {
        if (message.Split(' ') is [var address, var digits] && long.TryParse(digits, NumberStyles.None, null, out var sequence))
        {
            hub.Announce(address, sequence);
        }
    }
}

/// <summary>Listens to what other replicas announce, from when Redis is first there.</summary>
internal sealed class ScoreSubscription(RedisConnection redis, ScoreAnnouncer announcer) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        redis.SubscribeAsync(ScoreAnnouncer.Channel, announcer.Receive, stoppingToken);
}
