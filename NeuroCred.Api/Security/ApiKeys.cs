using NeuroCred.Api.Configuration;
using NeuroCred.Api.Postgres;
using Npgsql;
using OpenTelemetry;

namespace NeuroCred.Api.Security;

/// <summary>
/// The valid API keys, all in memory, read from Postgres every <see cref="s_interval"/>. What a request is compared with is never older
/// than <see cref="MaxAge"/>: a request that finds older ones waits for the next reading, and gets 503 when Postgres cannot serve. So a
/// key that was revoked is refused by every replica after that time at the latest, whatever holds this one up.
/// </summary>
/// <remarks>
/// Reading all of them costs less than finding out what changed, up to <see cref="KeysCommand.MaxKeys"/>. On the way the replica makes
/// its own <c>Api:Key</c> known to the others and renews it, so that during a rolling update to another one each replica takes both.
/// </remarks>
internal sealed partial class ApiKeys(
    ApiOptions options,
    ControlDatabase database,
    DatabaseCircuit circuit,
    TimeProvider time,
    ILogger<ApiKeys> logger
) : BackgroundService
{
    /// <summary>How old the keys may be that a request is compared with.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_renewalInterval = TimeSpan.FromHours(1);

    // It was revoked, or ended while this replica was suspended with its machine.
    private static readonly TimeSpan s_missingInterval = TimeSpan.FromSeconds(10);

    private readonly byte[] _ownHash = ApiKey.Hash(options.ApiKey);
    private readonly string _ownName = Convert.ToHexStringLower(ApiKey.Hash(options.ApiKey));
    private readonly ApiKey _own = new("configured", new(ApiKeyStore.DefaultClient, ApiKey.Hash(options.ApiKey)), Scopes.Operate);
    private readonly Lock _publishing = new();
    private volatile KnownKeys? _known;
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long? _renewalTriedAt;
    private bool _ownIsRefused;
    private string? _problem;

    private sealed record KnownKeys(Dictionary<string, ApiKey> ByHash, long AskedAt);

    /// <summary>Whether the keys were read since the start.</summary>
    public bool AreKnown => _known is not null;

    /// <summary>The valid key that a client gave, or null.</summary>
    /// <exception cref="DatabaseUnreachableException">Postgres cannot serve, so that it is not known which keys are valid.</exception>
    /// <exception cref="TimeoutException">Postgres is too slow to say which keys are valid.</exception>
    public async ValueTask<ApiKey?> FindAsync(string given)
    {
        var hash = Convert.ToHexStringLower(ApiKey.Hash(given)); // a look-up by hash tells nothing of a key by its duration
        return (await CurrentAsync()).GetValueOrDefault(hash);
    }

    /// <summary>The same by the keys that were read last, however old; for what no key is needed for.</summary>
    public ApiKey? FindAmongLast(string given) => _known?.ByHash.GetValueOrDefault(Convert.ToHexStringLower(ApiKey.Hash(given)));

    /// <summary>
    /// The same for operating this replica, which must work while Postgres does not: then its own configured key is taken, unless it was
    /// revoked before.
    /// </summary>
    /// <exception cref="DatabaseUnreachableException">As <see cref="FindAsync"/>, for any other key.</exception>
    public async ValueTask<ApiKey?> FindForOperatingAsync(string given)
    {
        try
        {
            return await FindAsync(given);
        }
        catch (Exception e)
            when (DatabaseFaults.IsUnavailable(e)
                && ApiKey.Hash(given).AsSpan().SequenceEqual(_ownHash)
                && (_known is null || FindAmongLast(given) is not null)
            )
        {
            return _own;
        }
    }

    public override void Dispose()
    {
        _own.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var untraced = SuppressInstrumentationScope.Begin(); // four spans a second would bury the ones that matter
        while (!stoppingToken.IsCancellationRequested)
        {
            var read = await TryReadAsync();
            await Task.Delay(read ? s_interval : DatabaseDefaults.TrialInterval, time, stoppingToken);
        }
    }

    private async ValueTask<Dictionary<string, ApiKey>> CurrentAsync()
    {
        var arrived = time.GetTimestamp();
        while (true)
        {
            var next = _next.Task; // before the look at the keys, so that none is missed
            if (_known is { } known && time.GetElapsedTime(known.AskedAt) < MaxAge)
            {
                return known.ByHash;
            }

            var closed = circuit.Closed;
            var left = DatabaseDefaults.ReadLimit - time.GetElapsedTime(arrived);
            try
            {
                closed.ThrowIfCancellationRequested();
                await next.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, closed);
            }
            catch (OperationCanceledException) when (closed.IsCancellationRequested)
            {
                throw new DatabaseUnreachableException(circuit.Problem);
            }
        }
    }

    private async Task<bool> TryReadAsync()
    {
        var closed = circuit.Closed;
        if (closed.IsCancellationRequested)
        {
            return false;
        }

        try
        {
            // The driver is told of no cancellation: it would ask the server to cancel, and a frozen one keeps that waiting, and with it
            // everyone else who is told that the circuit opens.
            await database.RunAsync(ReadAsync).WaitAsync(DatabaseDefaults.ReadLimit, time, closed);
            _problem = null;
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (!closed.IsCancellationRequested && _problem != (_problem = DatabaseFaults.Describe(e)))
            {
                LogNotRead(logger, _problem);
            }

            return false;
        }
    }

    private async Task<bool> ReadAsync(NpgsqlConnection connection)
    {
        var asked = time.GetTimestamp();
        var keys = await ApiKeyStore.ReadValidAsync(connection, CancellationToken.None);
        var isStored = keys.Exists(found => found.Hash == _ownName);
        var renews =
            _renewalTriedAt is not { } triedAt || time.GetElapsedTime(triedAt) > (isStored ? s_renewalInterval : s_missingInterval);
        if (!isStored && (renews || _known is null))
        {
            // Requests with it would be refused until it is stored. Where it cannot be, the next reading makes the other keys known, but
            // not at a start: the replica is not ready before it takes its own.
            await RenewOwnAsync(connection);
            asked = time.GetTimestamp();
            keys = await ApiKeyStore.ReadValidAsync(connection, CancellationToken.None);
        }

        lock (_publishing)
        {
            if (_known is not { } known || known.AskedAt < asked) // one that was given up may end late
            {
                Publish(keys, asked);
            }
        }

        if (isStored && renews)
        {
            // After the reading, which must go on where nothing can be written. One that fails is tried again in an hour: the key is valid
            // for a day.
            await RenewOwnAsync(connection);
        }

        return true;
    }

    private Task RenewOwnAsync(NpgsqlConnection connection)
    {
        _renewalTriedAt = time.GetTimestamp();
        return ApiKeyStore.RenewConfiguredAsync(connection, _ownHash, CancellationToken.None);
    }

    private void Publish(List<(string Hash, ApiKey Key)> read, long asked)
    {
        var before = _known?.ByHash ?? [];
        // What is open stays bound to the object that it was opened with.
        var now = read.ToDictionary(
            found => found.Hash,
            found => before.TryGetValue(found.Hash, out var known) && known.Scopes == found.Key.Scopes ? known : found.Key
        );
        _known = new(now, asked);
        Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        foreach (var (hash, key) in before)
        {
            if (now.GetValueOrDefault(hash) != key)
            {
                key.End();
                LogEnded(logger, key.Id, key.Client.Name);
            }
        }

        var ownIsRefused = !now.ContainsKey(_ownName);
        if (ownIsRefused && !_ownIsRefused)
        {
            LogOwnRefused(logger);
        }

        _ownIsRefused = ownIsRefused;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The API keys could not be read, or this replica's own not renewed: {Reason}")]
    private static partial void LogNotRead(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The API key {Id} of the client {Client} has ended")]
    private static partial void LogEnded(ILogger logger, string id, string client);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "This replica's own Api:Key is not valid: requests with it are refused. Give the replicas another one if it was revoked; "
            + "else it could not be renewed, which is tried again every 10 s"
    )]
    private static partial void LogOwnRefused(ILogger logger);
}
