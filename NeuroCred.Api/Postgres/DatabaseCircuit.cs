using NeuroCred.Api.Configuration;
using NeuroCred.Api.Telemetry;
using Npgsql;
using OpenTelemetry;

namespace NeuroCred.Api.Postgres;

/// <summary>
/// Whether Postgres can serve this replica, and which server of several does, asked every <see cref="DatabaseDefaults.ProbeInterval"/> on
/// connections of its own. While none can, the circuit is open: no request tries, and those that wait for Postgres are told so at once.
/// Then another replica can be asked within a second.
/// </summary>
/// <remarks>
/// Not a breaker that learns from the requests that fail: while Postgres is silent the first of them fails after two seconds, and every
/// trial would be some client's request.
/// <para>
/// Of several servers that can write, the one that was promoted last is the primary. A lost primary that comes back as if nothing had
/// happened is not asked again, also while the promoted one fails: it lacks what was written since.
/// </para>
/// </remarks>
internal sealed partial class DatabaseCircuit : BackgroundService
{
    private const string NotAsked = "Postgres was not asked yet";

    // A write that succeeds ends it no sooner: on a full disk those do that need no more of it.
    private static readonly TimeSpan s_refusalIsTold = TimeSpan.FromSeconds(10);

    private readonly DatabaseServers _requests;
    private readonly DatabaseServers _servers;
    private readonly ServerProbe[] _probes;
    private readonly TimeProvider _time;
    private readonly ILogger<DatabaseCircuit> _logger;
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile CancellationTokenSource _closed = new();
    private volatile string? _problem = NotAsked;
    private volatile RefusalAt? _refusal;
    private volatile int _primary;
    private long _timeline;
    private long _answeredAt;

    private sealed record RefusalAt(string Words, long At);

    public DatabaseCircuit(string connectionString, DatabaseServers requests, TimeProvider time, ILogger<DatabaseCircuit> logger)
    {
        (_requests, _time, _logger) = (requests, time, logger);
        // No pool: a connection on which Postgres does not answer must not keep the next question waiting.
        _servers = new(
            connectionString,
            "circuit",
            connections =>
                (connections.Pooling, connections.MinPoolSize, connections.MaxPoolSize, connections.Timeout, connections.CommandTimeout) = (
                    false,
                    0,
                    1,
                    DatabaseDefaults.ProbeConnectionTimeout,
                    DatabaseDefaults.ProbeConnectionTimeout
                )
        );
        _probes = [.. _servers.All.Select(server => new ServerProbe(server, _servers.All.Count == 1, time))];
        if (_probes.Length > 1)
        {
            _closed.Cancel();
        }
    }

    /// <summary>
    /// Why Postgres cannot serve, in words for an operator; null when it can. Until it was asked for the first time the circuit is closed
    /// all the same, if there is one server: with several it is not known which to ask.
    /// </summary>
    public string? Problem => _problem;

    /// <summary>
    /// What Postgres said when it refused a request because of its own state, such as a full disk, within the last 10 s; null if it refused
    /// none. Other requests, such as reads, may well be served.
    /// </summary>
    public string? Refusal => _refusal is { } refusal && _time.GetElapsedTime(refusal.At) < s_refusalIsTold ? refusal.Words : null;

    /// <summary>Completes when Postgres was asked for the first time.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Which of the connection string's servers requests must use.</summary>
    public int Primary => _primary;

    /// <summary>Cancelled when the circuit opens. When it closes, there is another.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Says that Postgres answered a request just now: whatever the circuit's own question meets, it is not silent.</summary>
    public void Answered() => Volatile.Write(ref _answeredAt, _time.GetTimestamp());

    /// <summary>Says that a statement failed, so that sessions that would fail as well are not used again, and readiness tells what
    /// Postgres said.</summary>
    /// <param name="pool">Whose session it was. It is closed when it is returned.</param>
    /// <param name="failure">What Postgres said.</param>
    public void Failed(NpgsqlDataSource pool, PostgresException failure)
    {
        if (DatabaseFaults.IsOfEveryConnection(failure))
        {
            pool.Clear();
        }

        if (DatabaseFaults.IsRefusal(failure))
        {
            _refusal = new(DatabaseFaults.Describe(failure), _time.GetTimestamp());
        }

        if (failure.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
        {
            foreach (var probe in _probes)
            {
                probe.Forget(); // whether a session can write may be decided when it begins: a kept one may still be able to
            }
        }
    }

    public override void Dispose()
    {
        foreach (var probe in _probes)
        {
            probe.Dispose();
        }

        _servers.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Four spans a second would bury the ones that matter.
        using var untraced = SuppressInstrumentationScope.Begin();
        while (!stoppingToken.IsCancellationRequested)
        {
            await ProbeAsync();
            _asked.TrySetResult();
            await Task.Delay(_problem is null ? DatabaseDefaults.ProbeInterval : DatabaseDefaults.TrialInterval, _time, stoppingToken);
        }
    }

    private async Task ProbeAsync()
    {
        var asked = _time.GetTimestamp();
        var answers = await Task.WhenAll(_probes.Select(probe => probe.AskAsync()));
        var able = answers.Index().Where(answer => answer.Item.Problem is null && answer.Item.Timeline >= _timeline).ToList();
        if (able.Count > 0)
        {
            var newest = able.Max(answer => answer.Item.Timeline);
            var best = able.Where(answer => answer.Item.Timeline == newest).Select(answer => answer.Index).ToList();
            _timeline = newest;
            Serve(best.Contains(_primary) ? _primary : best[0]);
        }
        else if (answers[_primary].Answered || Volatile.Read(ref _answeredAt) < asked)
        {
            Open(Describe(answers));
        }

        // Otherwise the question is late, or found no free connection at a server under load, while requests are served.
    }

    private string Describe(ServerAnswer[] answers) =>
        answers.Length == 1
            ? answers[0].Problem!
            : string.Join(
                "; ",
                answers
                    .Index()
                    .Select(answer =>
                        $"{_servers.Names[answer.Index]}: "
                        + $"{answer.Item.Problem ?? "another server was promoted since, and it lacks what was written there"}"
                    )
            );

    private void Serve(int server)
    {
        if (server != _primary)
        {
            if (_problem is null)
            {
                Open($"{_servers.Names[server]} is the primary now");
            }

            _primary = server;
        }

        Close();
    }

    private void Open(string problem)
    {
        var opens = !_closed.IsCancellationRequested || _problem == NotAsked;
        _problem = problem;
        if (opens)
        {
            LogOpen(_logger, problem);
            ApiTelemetry.CountPostgresCircuitOpened();
            foreach (var server in _requests.All)
            {
                server.Clear();
            }

            _ = _closed.CancelAsync(); // the answers of those that wait are no business of this loop
        }
    }

    private void Close()
    {
        _problem = null;
        if (_closed.IsCancellationRequested)
        {
            _closed = new();
            LogClosed(_logger, _servers.Names[_primary]);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Postgres cannot serve: {Problem}. Requests are answered with 503 until it can")]
    private static partial void LogOpen(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Postgres serves, at {Server}")]
    private static partial void LogClosed(ILogger logger, string server);
}
