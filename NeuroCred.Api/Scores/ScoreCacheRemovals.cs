using NeuroCred.Api.Postgres;
using NeuroCred.Api.Redis;
using NeuroCred.Api.Wallets;
using Npgsql;
using OpenTelemetry;

namespace NeuroCred.Api.Scores;

/// <summary>
/// Has another replica remove an entry of the score cache that this one cannot, because Redis does not answer it alone; and removes those
/// of the others. They are asked through a table in Postgres, which a writer needs in any case. So one replica without Redis does not
/// turn the cache off for all (<see cref="ScoreCacheFence"/>).
/// </summary>
internal sealed partial class ScoreCacheRemovals(
    ControlDatabase database,
    RedisConnection redis,
    TimeProvider time,
    ILogger<ScoreCacheRemovals> logger
) : BackgroundService
{
    /// <summary>How long a writer waits for the others: twice as long as they may take to look, and less than a second, after which
    /// Postgres ends a transaction that does nothing.</summary>
    public static readonly TimeSpan WriterTimeout = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250),
        s_busyInterval = TimeSpan.FromMilliseconds(25),
        s_busy = TimeSpan.FromSeconds(2); // whoever could not remove one entry will soon want another removed

    private const string Ask = "INSERT INTO score_cache_removals (epoch, address) VALUES ($1, $2) RETURNING id";

    private const string TakeAnswer = "DELETE FROM score_cache_removals WHERE id = $1 AND removed";

    // Forgets those of writers that gave up, or were killed.
    private const string Find = """
        WITH forgotten AS (DELETE FROM score_cache_removals WHERE asked_at < clock_timestamp() - interval '10 seconds')
        SELECT id, epoch, address FROM score_cache_removals WHERE NOT removed ORDER BY id LIMIT 100
        """;

    // A locked row is being answered by another replica.
    private const string Answer = """
        UPDATE score_cache_removals SET removed = true
        WHERE id IN (SELECT id FROM score_cache_removals WHERE id = ANY($1) AND NOT removed FOR UPDATE SKIP LOCKED)
        """;

    /// <summary>
    /// Called by a writer that holds the wallet's lock in the connection's transaction. The entry is removed after that, so the writer may
    /// commit as if it had removed it itself.
    /// </summary>
    /// <returns>Whether another replica removed the entry within <see cref="WriterTimeout"/>.</returns>
    public async Task<bool> AskOthersAsync(NpgsqlConnection connection, long epoch, WalletAddress address)
    {
        var id = await database.RunAsync(async control =>
        {
            await using var ask = control.CreateCommand(Ask, epoch, address.Lower);
            return (long)(await ask.ExecuteScalarAsync())!;
        });
        for (var asked = time.GetTimestamp(); time.GetElapsedTime(asked) < WriterTimeout; )
        {
            await Task.Delay(s_busyInterval, time);
            if (await connection.ExecuteAsync(TakeAnswer, id) > 0)
            {
                return true;
            }
        }

        return false;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var untraced = SuppressInstrumentationScope.Begin(); // several spans a second that tell nothing
        long? lastRemoved = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await TryRemoveForOthersAsync())
            {
                lastRemoved = time.GetTimestamp();
            }

            var busy = lastRemoved is { } last && time.GetElapsedTime(last) < s_busy;
            await Task.Delay(busy ? s_busyInterval : s_interval, time, stoppingToken);
        }
    }

    private async Task<bool> TryRemoveForOthersAsync()
    {
        try
        {
            return await RemoveForOthersAsync();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (!DatabaseFaults.IsUnavailable(e))
            {
                LogFailed(logger, e);
            }

            return false;
        }
    }

    private async Task<bool> RemoveForOthersAsync()
    {
        var found = await database.RunAsync(FindAsync);
        if (found.Count == 0)
        {
            return false;
        }

        var removed = await Task.WhenAll(found.Select(entry => entry.Removing));
        var answered = found.Where((_, i) => removed[i]).Select(entry => entry.Id).ToArray();
        await database.RunAsync(connection => connection.ExecuteAsync(Answer, answered));
        return removed.Contains(true);
    }

    private async Task<List<(long Id, Task<bool> Removing)>> FindAsync(NpgsqlConnection connection)
    {
        List<(long Id, Task<bool> Removing)> found = [];
        await using var find = new NpgsqlCommand(Find, connection);
        await using var reader = await find.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            found.Add((reader.GetInt64(0), RedisScoreCache.TryDeleteAsync(redis, reader.GetInt64(1), reader.GetString(2))));
        }

        return found;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Entries of the score cache could not be removed for other replicas")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
