using System.Threading.RateLimiting;
using NeuroCred.Api.Redis;
using NeuroCred.Api.Wallets;
using Npgsql;
using StackExchange.Redis;

namespace NeuroCred.Api.Scores;

/// <summary>
/// Current scores in Redis, never older than Postgres's. A GET that begins after a score's commit finds that score or a newer one, whoever
/// died in between. The protocol, and why it holds without comparing clocks or versions:
/// <para>
/// A key is vacant, holds the token of readers that mean to fill it, or holds a score, or that there is none.
/// A writer, holding its wallet's lock in Postgres alone, deletes the key before it commits, and touches the cache no more.
/// A reader that finds neither reads Postgres, leaves a token (or shares the one that is there), then reads Postgres again, and replaces
/// its token, if it is still there, by what it read; but only if it read while no writer held the wallet's lock. The first of the two reads
/// is for wallets without a score: they are without number, and an entry for each would push scores out of a Redis that is full. A replica
/// keeps at most <see cref="NoScoresPerMinute"/> of them a minute, each for a minute.
/// </para>
/// <list type="number">
/// <item>A fill is always of what was current: under the shared lock every earlier writer has committed or gone, and every later one takes
/// the lock and deletes the key, and with it the token, before it commits. Then the fill fails. How slow the reader is does not
/// matter.</item>
/// <item>A writer killed at any point leaves at worst a vacant key; killed after its commit, the key was vacant before it.</item>
/// <item>An evicted or expired entry is a vacant key; a fill never creates one.</item>
/// <item>A Redis that restarted brings back old entries from disk. Each carries the run_id of the process that wrote it, and another
/// process ignores it. (A replica promoted to master has its own as well.)</item>
/// <item>A score in the form of the previous version (see <see cref="ScoreJson.Beginning"/>) counts as a vacant key.</item>
/// <item>A deletion or a fill that timed out here and happens later does no harm: see 1.</item>
/// <item>A writer that cannot delete the key, because it is cut off from Redis, has another replica do it before it commits, which is as
/// good: see <see cref="ScoreCacheRemovals"/>.</item>
/// <item>If none does, because Redis is away, the writer makes every replica distrust all entries, and waits until they do, before it
/// commits: see <see cref="ScoreCacheFence"/>. Its epoch is part of every key's name.</item>
/// </list>
/// All replicas must use the same Redis, or none.
/// </summary>
internal sealed class RedisScoreCache(RedisConnection redis, ScoreCacheFence fence, ScoreCacheRemovals removals) : IScoreCache, IDisposable
{
    /// <summary>How many wallets without a score each replica keeps a minute, and as many more as requests reserve at that moment: some
    /// 230 kB of Redis, with their tokens.</summary>
    public const int NoScoresPerMinute = 200;

    private const int ScoreMilliseconds = 3_600_000; // memory, not correctness
    private const int NoScoreMilliseconds = 60_000,
        TokenMilliseconds = 60_000;
    private const char TokenMark = 'T'; // a score is JSON, which begins with a brace
    private const string NoScore = "N";

    private const string Run = "local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') ";

    private const string FindScript =
        Run
        + """
            local found = redis.call('GET', KEYS[1])
            if found and string.sub(found, 1, #run) == run then return string.sub(found, #run + 1) end
            return ''
            """;

    private const string ReserveScript =
        Run
        + """
            local found = redis.call('GET', KEYS[1])
            if found and string.sub(found, 1, #run) == run then
                local content = string.sub(found, #run + 1)
                if string.sub(content, 1, 1) == 'T' or content == 'N' or string.sub(content, 1, #ARGV[3]) == ARGV[3] then return content end
            end
            redis.call('SET', KEYS[1], run .. ARGV[1], 'PX', ARGV[2])
            return ARGV[1]
            """;

    private const string FillScript =
        Run
        + """
            if redis.call('GET', KEYS[1]) ~= run .. ARGV[1] then return 0 end
            redis.call('SET', KEYS[1], run .. ARGV[2], 'PX', ARGV[3])
            return 1
            """;

    private readonly FixedWindowRateLimiter _noScores = new(
        new()
        {
            PermitLimit = NoScoresPerMinute,
            Window = TimeSpan.FromMinutes(1),
            QueueLimit = 0,
        }
    );

    public async Task<CacheLookup> FindAsync(WalletAddress address)
    {
        var state = await fence.CurrentAsync();
        if (state.Off)
        {
            return CacheLookup.Unavailable;
        }

        var found = await redis.TryAsync("EVAL", db => db.ScriptEvaluateAsync(FindScript, [Key(state.Epoch, address.Lower)]));
        return (string?)found switch
        {
            null => CacheLookup.Unavailable,
            NoScore => CacheLookup.NoScore,
            var content when ScoreJson.TryRead(content) is { } score => new(CacheResult.Hit, score),
            _ => CacheLookup.Miss,
        };
    }

    public async Task<CacheTicket?> ReserveAsync(WalletAddress address, bool hasScore)
    {
        var state = await fence.CurrentAsync();
        if (state.Off || (!hasScore && _noScores.GetStatistics() is { CurrentAvailablePermits: 0 }))
        {
            return null;
        }

        var token = TokenMark + Guid.NewGuid().ToString("N");
        var found = await redis.TryAsync(
            "EVAL",
            db => db.ScriptEvaluateAsync(ReserveScript, [Key(state.Epoch, address.Lower)], [token, TokenMilliseconds, ScoreJson.Beginning])
        );
        if (!hasScore && (string?)found == token)
        {
            // Who shares another's token adds nothing.
            using var taken = _noScores.AttemptAcquire();
        }

        return (string?)found is [TokenMark, ..] shared ? new(state.Epoch, shared) : null;
    }

    public async Task FillAsync(WalletAddress address, CacheTicket ticket, ScoreJson? score) =>
        await redis.TryAsync(
            "EVAL",
            db =>
                db.ScriptEvaluateAsync(
                    FillScript,
                    [Key(ticket.Epoch, address.Lower)],
                    score is null ? [ticket.Token, NoScore, NoScoreMilliseconds] : [ticket.Token, score.Text, ScoreMilliseconds]
                )
        );

    public async Task RemoveAsync(NpgsqlConnection connection, WalletAddress address)
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            // Read after the wallet's lock was taken, and here: a later epoch cannot hold this wallet before this transaction ends,
            // because a fill needs the lock.
            var state = await ScoreCacheFence.ReadAsync(connection);
            if (state.Off)
            {
                await fence.WaitUntilKnownAsync(state);
                return;
            }

            if (await TryDeleteAsync(redis, state.Epoch, address.Lower) || await removals.AskOthersAsync(connection, state.Epoch, address))
            {
                return;
            }

            await fence.TurnOffAsync();
        }

        throw new TimeoutException("The score cache is turned on again and again while it cannot be reached from here.");
    }

    public void Dispose() => _noScores.Dispose();

    /// <summary>Deletes a wallet's entry.</summary>
    /// <returns>Whether Redis said that it is gone.</returns>
    public static async Task<bool> TryDeleteAsync(RedisConnection redis, long epoch, string address) =>
        await redis.TryAsync("DEL", db => db.ExecuteAsync("DEL", Key(epoch, address))) is not null;

    private static RedisKey Key(long epoch, string address) => $"neurocred:score:{epoch}:{address}";
}
