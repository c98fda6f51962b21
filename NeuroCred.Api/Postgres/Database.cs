using Npgsql;
using NeuroCred.Api.Configuration;
using NeuroCred.Api.Telemetry;

namespace NeuroCred.Api.Postgres;

/// <summary>
/// Postgres, for requests. Work whose connection breaks is run once more on another: after a restart of Postgres the pool is full of dead
/// connections, and the first that fails clears it. Hence everything run here must be safe to run twice, even after a commit whose
/// confirmation was lost; natural keys and idempotency keys see to that.
/// </summary>
internal sealed partial class Database(NpgsqlDataSource source, TimeProvider time, ILogger<Database> logger) : IDisposable
{
    // Longer than a request that reads may take, so that the first ones that run out of time are asked elsewhere.
    private static readonly TimeSpan s_lately = DatabaseDefaults.ReadLimit + TimeSpan.FromMilliseconds(500);

    private long _answeredAt;

    /// <summary>Whether Postgres answered anything here within the last moments. Then what still runs out of time does so because of this replica.</summary>
    public bool HasAnsweredLately => Volatile.Read(ref _answeredAt) is var at && at != 0 && time.GetElapsedTime(at) < s_lately;

    /// <param name="work">What to do with a connection.</param>
    /// <param name="limit">
    /// After this the caller gets its answer and the work is left to end by itself: after a timeout the driver still tries, for seconds,
    /// to reach a server that does not answer.
    /// </param>
    /// <exception cref="TimeoutException">The limit has passed; whether the work took effect is unknown.</exception>
    public Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, TimeSpan limit) => RunTwiceAsync(work).WaitAsync(limit);

    private async Task<T> RunTwiceAsync<T>(Func<NpgsqlConnection, Task<T>> work)
    {
        try
        {
            return await RunOnceAsync(work);
        }
        catch (Exception e) when (DatabaseFaults.IsWorthAnotherConnection(e))
        {
            LogRetry(logger, e.Message);
            ApiTelemetry.CountPostgresRetry();
            return await RunOnceAsync(work);
        }
    }

    // The pool's own wait shares its timeout with connecting, which must be shorter.
    private readonly ConnectionSlots _slots = new(new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxPoolSize, DatabaseDefaults.PoolWait, time);

    private readonly ConnectionGate<NpgsqlConnection> _gate = new(() => source.OpenConnectionAsync(), DatabaseDefaults.PoolWait);

    // The client's disconnection cancels nothing: work is short and bounded by timeouts, and cancelling costs a connection.
    private async Task<T> RunOnceAsync<T>(Func<NpgsqlConnection, Task<T>> work)
    {
        var asked = time.GetTimestamp();
        await AcquireSlotAsync(asked);
        var broke = false;
        try
        {
            await using var connection = await OpenAsync(asked);
            var result = await work(connection);
            Volatile.Write(ref _answeredAt, time.GetTimestamp());
            return result;
        }
        catch (PostgresException)
        {
            Volatile.Write(ref _answeredAt, time.GetTimestamp());
            throw;
        }
        catch (NpgsqlException)
        {
            broke = true;
            throw;
        }
        finally
        {
            _slots.Release(broke);
        }
    }

    private async Task AcquireSlotAsync(long asked)
    {
        try
        {
            await _slots.AcquireAsync();
        }
        catch (TimeoutException)
        {
            RecordWait(asked); // the longest waits are those in vain
            throw;
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(long asked)
    {
        try
        {
            return await _gate.OpenAsync();
        }
        finally
        {
            RecordWait(asked);
        }
    }

    private void RecordWait(long asked) => ApiTelemetry.RecordPostgresWait(time.GetElapsedTime(asked));

    public void Dispose()
    {
        _slots.Dispose();
        _gate.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A database connection broke ({Reason}); trying once more on another")]
    private static partial void LogRetry(ILogger logger, string reason);
}

/// <summary>Postgres, for what must work while every connection for requests is taken. See <see cref="DatabaseDefaults"/>.</summary>
internal sealed class ControlDatabase(string connectionString) : IAsyncDisposable
{
    public NpgsqlDataSource Source { get; } = new NpgsqlDataSourceBuilder(
        new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = DatabaseDefaults.ControlPoolSize, MinPoolSize = 0 }.ConnectionString)
    {
        Name = "control",
    }.Build();

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
