using System.Globalization;
using NeuroCred.Api.Configuration;
using NeuroCred.Api.Migrations;
using NeuroCred.Api.Telemetry;
using Npgsql;
using OpenTelemetry;

namespace NeuroCred.Api.Postgres;

/// <summary>
/// Whether Postgres can serve this replica, asked every <see cref="DatabaseDefaults.ProbeInterval"/> on a connection of its own. While it cannot, the
/// circuit is open: no request tries, and those that wait for Postgres are told so at once. Then another replica can be asked within a second.
/// </summary>
/// <remarks>
/// Not a breaker that learns from the requests that fail: while Postgres is silent the first of them fails after two seconds, and every trial would
/// be some client's request.
/// </remarks>
internal sealed partial class DatabaseCircuit : BackgroundService
{
    private const string AskForSchema = "SELECT coalesce(max(version), 0) FROM schema_migrations";

    // A table of this schema, and a session that can write: a primary that became a standby still answers.
    private const string Ask = "SELECT current_setting('transaction_read_only') FROM score_cache_fence";

    private static readonly int s_newest = MigrationScript.Embedded()[^1].Version;

    private readonly NpgsqlDataSource _requests;
    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _time;
    private readonly ILogger<DatabaseCircuit> _logger;
    private NpgsqlConnection? _connection;
    private volatile CancellationTokenSource _closed = new();
    private volatile string? _problem = "Postgres was not asked yet";
    private long _answeredAt;
    private bool _hasSchema; // it never goes away again

    /// <param name="connectionString">Where Postgres is.</param>
    /// <param name="requests">The pool for requests. It is emptied when the circuit opens.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Is told when the circuit opens and closes.</param>
    public DatabaseCircuit(string connectionString, NpgsqlDataSource requests, TimeProvider time, ILogger<DatabaseCircuit> logger)
    {
        (_requests, _time, _logger) = (requests, time, logger);
        // No pool: a connection on which Postgres does not answer must not keep the next question waiting.
        _source = new NpgsqlDataSourceBuilder(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, MinPoolSize = 0, MaxPoolSize = 1, Timeout = 1, CommandTimeout = 1 }.ConnectionString)
        {
            Name = "circuit",
        }.Build();
    }

    /// <summary>Why Postgres cannot serve, in words for an operator; null when it can. Until it was asked for the first time the circuit is closed all the same.</summary>
    public string? Problem => _problem;

    /// <summary>Cancelled when the circuit opens. When it closes, there is another.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Says that Postgres answered a request just now: whatever the circuit's own question meets, it is not silent.</summary>
    public void Answered() => Volatile.Write(ref _answeredAt, _time.GetTimestamp());

    /// <inheritdoc/>
    public override void Dispose()
    {
        _connection?.Dispose();
        _source.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Four spans a second would bury the ones that matter.
        using var untraced = SuppressInstrumentationScope.Begin();
        while (!stoppingToken.IsCancellationRequested)
        {
            await ProbeAsync();
            await Task.Delay(_problem is null ? DatabaseDefaults.ProbeInterval : DatabaseDefaults.TrialInterval, _time, stoppingToken);
        }
    }

    private async Task ProbeAsync()
    {
        var asked = _time.GetTimestamp();
        try
        {
            if (await FindProblemAsync().WaitAsync(DatabaseDefaults.ProbeTimeout, _time) is { } problem)
            {
                Open(problem);
            }
            else
            {
                Close();
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Under load a question may be late, or find no free connection at the server, while requests are served.
            if (Volatile.Read(ref _answeredAt) < asked)
            {
                Open(DatabaseFaults.Describe(e));
            }
        }
    }

    /// <summary>Left to end by itself when it takes too long: after a timeout the driver still tries, for seconds, to reach a server that does not answer.</summary>
    private async Task<string?> FindProblemAsync()
    {
        for (var kept = Interlocked.Exchange(ref _connection, null); ; kept = null)
        {
            var connection = kept ?? await _source.OpenConnectionAsync();
            try
            {
                var problem = await FindProblemAsync(connection);
                if (problem is null)
                {
                    connection = Interlocked.Exchange(ref _connection, connection);
                }

                return problem;
            }
            catch (Exception e) when (kept is not null && DatabaseFaults.IsWorthAnotherConnection(e))
            {
                // Only this connection was ended, perhaps.
            }
            finally
            {
                if (connection is not null)
                {
                    await connection.DisposeAsync();
                }
            }
        }
    }

    private async Task<string?> FindProblemAsync(NpgsqlConnection connection)
    {
        if (!_hasSchema)
        {
            await using var schema = new NpgsqlCommand(AskForSchema, connection);
            if (Convert.ToInt32(await schema.ExecuteScalarAsync(), CultureInfo.InvariantCulture) is var version && version < s_newest)
            {
                return $"the schema has version {version}, and {s_newest} is needed: waiting for the migration";
            }

            _hasSchema = true;
        }

        await using var command = new NpgsqlCommand(Ask, connection);
        return await command.ExecuteScalarAsync() is "on" ? "Postgres is read-only" : null;
    }

    private void Open(string problem)
    {
        var opens = !_closed.IsCancellationRequested;
        _problem = problem;
        if (opens)
        {
            LogOpen(_logger, problem);
            ApiTelemetry.CountPostgresCircuitOpened();
            _requests.Clear();
            _ = _closed.CancelAsync(); // the answers of those that wait are no business of this loop
        }
    }

    private void Close()
    {
        _problem = null;
        if (_closed.IsCancellationRequested)
        {
            _closed = new();
            LogClosed(_logger);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Postgres cannot serve: {Problem}. Requests are answered with 503 until it can")]
    private static partial void LogOpen(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Postgres serves again")]
    private static partial void LogClosed(ILogger logger);
}
