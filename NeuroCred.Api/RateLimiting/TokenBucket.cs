using NeuroCred.Api.Redis;
using StackExchange.Redis;

namespace NeuroCred.Api.RateLimiting;

/// <summary>What became of a request.</summary>
/// <param name="Limit">The limit it counts for.</param>
/// <param name="IsAllowed">Whether it may go on.</param>
/// <param name="Remaining">How many more may follow at once.</param>
/// <param name="More">How long until one more may.</param>
internal readonly record struct TokenAnswer(RateLimit Limit, bool IsAllowed, int Remaining, TimeSpan More);

/// <summary>
/// The tokens of one client for one route. Those of all replicas are in Redis; each replica takes a batch at a time from there, so that
/// most requests wait for nothing. While Redis is away the replica counts alone, and goes on from what it last heard.
/// </summary>
/// <remarks>
/// A bucket is one number, the time at which it is full again (the generic cell rate algorithm): a token is taken by moving that time on by
/// <see cref="RateLimit.Interval"/>, and there are none while it is more than <see cref="RateLimit.Window"/> ahead. Redis's clock alone
/// counts in Redis, and only times that remain are exchanged.
/// </remarks>
internal sealed class TokenBucket(RateLimit limit, string key, RedisConnection? redis, TimeProvider time)
{
    // Microseconds, as TIME has them. Numbers are formatted, because Lua writes 14 digits by itself.
    private const string TakeScript = """
        local clock = redis.call('TIME')
        local now = clock[1] * 1000000 + clock[2]
        local window, interval = tonumber(ARGV[1]), ARGV[1] / ARGV[2]
        local full = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
        local taken = math.max(0, math.min(tonumber(ARGV[3]), math.floor((now + window - full) / interval + 0.001)))
        if taken > 0 then
          full = full + taken * interval
          redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
        end
        return { taken, math.ceil(full - now) }
        """;

    private readonly RedisKey[] _keys = [key];
    private readonly Lock _lock = new();
    private Task _taking = Task.CompletedTask;
    private int _waiting;
    private int _stock;
    private long _full; // timestamps of the clock
    private long _empty;

    /// <summary>Whether nothing is lost by forgetting it.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock)
            {
                return _taking.IsCompleted && _full <= time.GetTimestamp();
            }
        }
    }

    /// <summary>Takes a token, if there is one.</summary>
    public ValueTask<TokenAnswer> TakeAsync()
    {
        lock (_lock)
        {
            if (TryAnswer(out var answer))
            {
                return new(answer);
            }

            _waiting++;
            return new(TakeFromSharedAsync(Take()));
        }
    }

    /// <summary>Gives a token back, for a request that nothing was done about.</summary>
    public void GiveBack()
    {
        lock (_lock)
        {
            _stock++;
        }
    }

    private async Task<TokenAnswer> TakeFromSharedAsync(Task taking)
    {
        while (true)
        {
            await taking;
            lock (_lock)
            {
                if (TryAnswer(out var answer))
                {
                    _waiting--;
                    return answer;
                }

                taking = Take();
            }
        }
    }

    // One call at a time: who comes meanwhile waits for it, and the next one asks for all of them.
    private Task Take() => _taking.IsCompleted ? _taking = TakeBatchAsync(Math.Max(limit.Batch, _waiting)) : _taking;

    private async Task TakeBatchAsync(int wanted)
    {
        RedisResult? answer = null;
        if (redis is { IsAvailable: true })
        {
            answer = await redis.TryAsync(
                "EVAL",
                database =>
                    database.ScriptEvaluateAsync(TakeScript, _keys, [(long)RateLimit.Window.TotalMicroseconds, limit.PerMinute, wanted])
            );
        }
        else if (redis is not null)
        {
            // Whoever waits for this bucket must not wait for the trial, too.
            _ = redis.TryAsync("PING", database => database.ExecuteAsync("PING"));
        }

        lock (_lock)
        {
            var now = time.GetTimestamp();
            int taken;
            if (answer is null)
            {
                taken = Math.Min(wanted, CountFree(now));
                _full = Math.Max(_full, now) + ToTimestamp(limit.Interval * taken);
            }
            else
            {
                taken = (int)answer[0];
                _full = now + ToTimestamp(TimeSpan.FromMicroseconds((long)answer[1]));
            }

            _stock += taken;
            _empty = taken < wanted ? _full - ToTimestamp(RateLimit.Window - limit.Interval) : now;
        }
    }

    private bool TryAnswer(out TokenAnswer answer)
    {
        var now = time.GetTimestamp();
        var allowed = _stock > 0;
        if (!allowed && _empty <= now)
        {
            answer = default;
            return false;
        }

        _stock -= allowed ? 1 : 0;
        var free = CountFree(now);
        var more = Math.Max(0, ((_full - now - 1) % ToTimestamp(limit.Interval)) + 1);
        answer = new(
            limit,
            allowed,
            Math.Min(limit.PerMinute, free + _stock),
            allowed ? time.GetElapsedTime(0, more) : time.GetElapsedTime(now, _empty)
        );
        return true;
    }

    private int CountFree(long now)
    {
        var used = time.GetElapsedTime(now, Math.Max(_full, now));
        return Math.Max(0, (int)(((RateLimit.Window - used) / limit.Interval) + 0.001));
    }

    private long ToTimestamp(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
