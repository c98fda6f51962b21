using NeuroCred.Api.Postgres;
using NeuroCred.Api.Redis;
using Npgsql;

namespace NeuroCred.Api.Scores;

/// <summary>Whether cached scores may be believed, and under which epoch. Each change of <paramref name="Off"/> raises the epoch.</summary>
internal readonly record struct FenceState(long Epoch, bool Off);

/// <summary>
/// Turns the cache off for all replicas when one of them cannot remove a stale entry. The truth is a row in Postgres; a reader asks for
/// it at most <see cref="Lease"/> before it believes the cache. So a writer that turned it off (or found it off) and then waited a
/// little longer than that may commit: by then no replica looks at the entry it could not remove. The lease is measured from before the
/// question, by one process's monotonic clock, and the wait by another's: only their rates must agree (they do not for a virtual machine
/// that was suspended: it may answer from the cache for the rest of one lease).
/// While the cache is off writes need Redis for nothing, and wait no more. A reader turns it on again, under a new epoch, after
/// <see cref="RestSeconds"/> and when Redis answers.
/// </summary>
internal sealed partial class ScoreCacheFence(
    ControlDatabase database,
    RedisConnection redis,
    TimeProvider time,
    ILogger<ScoreCacheFence> logger
)
{
    public static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan Wait = Lease + TimeSpan.FromMilliseconds(50); // timers fire up to a tick early
    private const int RestSeconds = 5;

    private const string ReadState = "SELECT epoch, off, off AND off_until < clock_timestamp() FROM score_cache_fence";

    private const string TurnOff = """
        UPDATE score_cache_fence SET epoch = CASE WHEN off THEN epoch ELSE epoch + 1 END, off = true,
               off_until = clock_timestamp() + $1 * interval '1 second'
        RETURNING epoch
        """;

    private const string TurnOn = """
        UPDATE score_cache_fence SET epoch = epoch + 1, off = false WHERE off AND off_until < clock_timestamp()
        """;

    private readonly Lock _lock = new();
    private Task<LeasedState>? _current;
    private Task? _turningOff;
    private long _knownOff = -1; // the newest off-epoch that every replica knows

    private sealed record LeasedState(FenceState State, long AskedAt);

    /// <summary>The state as of less than <see cref="Lease"/> ago. One question serves all requests that arrive meanwhile.</summary>
    public async ValueTask<FenceState> CurrentAsync()
    {
        while (true)
        {
            Task<LeasedState> asking;
            lock (_lock)
            {
                var stale =
                    _current is null
                    || _current.IsFaulted
                    || (_current.IsCompletedSuccessfully && time.GetElapsedTime(_current.Result.AskedAt) >= Lease);
                asking = stale ? _current = AskAsync() : _current!;
            }

            var leased = await asking;
            if (time.GetElapsedTime(leased.AskedAt) < Lease)
            {
                return leased.State;
            }

            if (time.GetElapsedTime(leased.AskedAt) > 4 * Lease)
            {
                return leased.State with { Off = true }; // Postgres is slow: do without the cache rather than ask on and on
            }
        }
    }

    /// <summary>The state in the connection's transaction.</summary>
    public static async Task<FenceState> ReadAsync(NpgsqlConnection connection) => (await ReadStateAsync(connection)).State;

    /// <summary>Turns the cache off for everyone, and returns when everyone knows.</summary>
    public Task TurnOffAsync()
    {
        lock (_lock)
        {
            return _turningOff is { IsCompleted: false } ? _turningOff : _turningOff = TurnOffNowAsync();
        }
    }

    /// <summary>Returns when every replica knows that the cache is off since the given epoch.</summary>
    public async Task WaitUntilKnownAsync(FenceState state)
    {
        if (Volatile.Read(ref _knownOff) < state.Epoch)
        {
            await Task.Delay(Wait, time);
            lock (_lock)
            {
                _knownOff = Math.Max(_knownOff, state.Epoch);
            }
        }
    }

    private async Task TurnOffNowAsync()
    {
        var epoch = await database.RunAsync(async connection =>
        {
            await using var command = connection.CreateCommand(TurnOff, RestSeconds);
            return (long)(await command.ExecuteScalarAsync())!;
        });
        LogOff(logger, epoch);
        await WaitUntilKnownAsync(new(epoch, Off: true));
    }

    private async Task<LeasedState> AskAsync()
    {
        await Task.Yield();
        var asked = time.GetTimestamp();
        var (state, lapsed) = await database.RunAsync(ReadStateAsync);
        if (lapsed && await redis.TryAsync("PING", db => db.ExecuteAsync("PING")) is not null)
        {
            await database.RunAsync(connection => connection.ExecuteAsync(TurnOn));
            asked = time.GetTimestamp();
            (state, _) = await database.RunAsync(ReadStateAsync);
            LogOn(logger, state.Epoch);
        }

        return new(state, asked);
    }

    private static async Task<(FenceState State, bool Lapsed)> ReadStateAsync(NpgsqlConnection connection)
    {
        await using var command = connection.CreateCommand(ReadState);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? (new(reader.GetInt64(0), reader.GetBoolean(1)), reader.GetBoolean(2))
            : throw new InvalidOperationException("score_cache_fence has no row. Insert (epoch, off, off_until) = (0, false, now()).");
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The score cache is off for all replicas: an entry could not be removed (epoch {Epoch})"
    )]
    private static partial void LogOff(ILogger logger, long epoch);

    [LoggerMessage(Level = LogLevel.Information, Message = "The score cache is in use again (epoch {Epoch})")]
    private static partial void LogOn(ILogger logger, long epoch);
}
