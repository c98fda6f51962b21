using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using NeuroCred.Api.Redis;
using NeuroCred.Api.Security;

namespace NeuroCred.Api.RateLimiting;

/// <summary>The buckets of the clients that this replica heard of within the last minutes.</summary>
internal sealed class TokenBuckets(RateLimits limits, TimeProvider time, RedisConnection? redis = null)
{
    private readonly ConcurrentDictionary<(string Client, string Route, RateLimit Limit), TokenBucket> _buckets = new();
    private long _swept = time.GetTimestamp();

    /// <summary>The bucket that a request takes a token from; null when it is not limited.</summary>
    public TokenBucket? Find(HttpContext context)
    {
        if (
            context.GetEndpoint() is not RouteEndpoint { RoutePattern.RawText: { } route } endpoint
            || !route.StartsWith("/api/", StringComparison.Ordinal)
        )
        {
            return null; // health, and what operators ask
        }

        var client = context.GetClient();
        var limit =
            endpoint.Metadata.GetMetadata<ScoreRateLimit>() is not null ? limits.Scores
            : !ApiMethods.IsRead(context.Request.Method) ? limits.Writes
            : client is null ? limits.AnonymousReads
            : limits.Reads;
        if (limit.PerMinute == 0)
        {
            return null;
        }

        var name = client is null ? $"address {Network(context.Connection.RemoteIpAddress)}" : $"client {client.Name}";
        return _buckets.TryGetValue((name, route, limit), out var bucket) ? bucket : Add(name, route, limit);
    }

    // A client with IPv6 has a network of 64 bits to itself, and would be a new one with each of its addresses.
    private static IPAddress? Network(IPAddress? address)
    {
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6 })
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new(bytes);
    }

    private TokenBucket Add(string client, string route, RateLimit limit)
    {
        Sweep();
        // Redis Cluster would put all keys with the same braces on one server.
        var key = $"neurocred:rate:{limit.Name}:{route.Replace('{', '<').Replace('}', '>')}:{client}";
        return _buckets.GetOrAdd((client, route, limit), _ => new(limit, key, redis, time));
    }

    // Once a minute, whoever comes first: a bucket that is full is as good as none.
    private void Sweep()
    {
        var swept = Volatile.Read(ref _swept);
        if (time.GetElapsedTime(swept) < RateLimit.Window || Interlocked.CompareExchange(ref _swept, time.GetTimestamp(), swept) != swept)
        {
            return;
        }

        foreach (var (id, bucket) in _buckets)
        {
            if (bucket.IsFull)
            {
                _buckets.TryRemove(id, out _);
            }
        }
    }
}
