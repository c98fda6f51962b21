using NeuroCred.Api.Configuration;
using NeuroCred.Api.Telemetry;
using Npgsql;

namespace NeuroCred.Api.Postgres;

/// <summary>
/// Postgres, for requests. Work whose connection breaks is run once more on another: after a restart of Postgres the pool is full of dead
/// connections, and the first that fails clears it. Hence everything run here must be safe to run twice, even after a commit whose
/// confirmation was lost; natural keys and idempotency keys see to that.
/// </summary>
internal sealed partial class Database(DatabaseServers servers, DatabaseCircuit circuit, TimeProvider time, ILogger<Database> logger)
{
    /// <summary>Runs work with a connection of the pool.</summary>
    /// <param name="work">What to do with a connection.</param>
    /// <param name="limit">
    /// After this the caller gets its answer and the work is left to end by itself: after a timeout the driver still tries, for seconds,
    /// to reach a server that does not answer.
    /// </param>
    /// <exception cref="DatabaseUnreachableException">Postgres cannot serve; whether work that had begun took effect is
    /// unknown.</exception>
    /// <exception cref="TimeoutException">The limit has passed; whether the work took effect is unknown.</exception>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, TimeSpan limit)
    {
        ThrowIfUnreachable();
        var closed = circuit.Closed;
        try
        {
            return await RunTwiceAsync(work).WaitAsync(limit, closed);
        }
        catch (OperationCanceledException) when (closed.IsCancellationRequested)
        {
            throw new DatabaseUnreachableException(circuit.Problem);
        }
    }

    /// <summary>Fails at once where <see cref="RunAsync"/> would.</summary>
    /// <exception cref="DatabaseUnreachableException">Postgres cannot serve.</exception>
    public void ThrowIfUnreachable()
    {
        if (circuit.Closed.IsCancellationRequested)
        {
            throw new DatabaseUnreachableException(circuit.Problem);
        }
    }

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

    // The client's disconnection cancels nothing: work is short and bounded by timeouts, and cancelling costs a connection.
    private async Task<T> RunOnceAsync<T>(Func<NpgsqlConnection, Task<T>> work)
    {
        var source = servers.All[circuit.Primary];
        await using var connection = await OpenAsync(source);
        try
        {
            var result = await work(connection);
            circuit.Answered();
            return result;
        }
        catch (PostgresException e)
        {
            circuit.Failed(source, e);
            throw;
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source)
    {
        var asked = time.GetTimestamp();
        try
        {
            return await source.OpenConnectionAsync();
        }
        finally
        {
            ApiTelemetry.RecordPostgresWait(time.GetElapsedTime(asked)); // the longest waits are those in vain
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A database connection broke ({Reason}); trying once more on another")]
    private static partial void LogRetry(ILogger logger, string reason);
}

/// <summary>Postgres, for what must work while every connection for requests is taken. See <see cref="DatabaseDefaults"/>.</summary>
internal sealed class ControlDatabase(string connectionString, DatabaseCircuit circuit) : IDisposable
{
    private readonly DatabaseServers _servers = new(
        connectionString,
        "control",
        connections =>
        {
            (connections.MaxPoolSize, connections.MinPoolSize) = (1, 0);
            // A standby that is lost must not keep it waiting. What it writes is in the log before the score that depends on it, whose own
            // commit waits.
            connections.Options += " -c synchronous_commit=local";
        }
    );

    /// <summary>Runs work on the one connection, after all work that was begun before. Nothing is tried twice.</summary>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work)
    {
        var source = _servers.All[circuit.Primary];
        await using var connection = await source.OpenConnectionAsync();
        try
        {
            return await work(connection);
        }
        catch (PostgresException e)
        {
            circuit.Failed(source, e);
            throw;
        }
    }

    public void Dispose() => _servers.Dispose();
}
