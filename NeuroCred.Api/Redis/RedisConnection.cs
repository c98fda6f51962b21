using StackExchange.Redis;

namespace NeuroCred.Api.Redis;

/// <summary>
/// Redis, that may be missing at any time. A command gets <see cref="Timeout"/>; after one that failed, Redis is left alone for
/// <see cref="Rest"/>, and then a single command tries it for all.
/// </summary>
internal sealed partial class RedisConnection : IHostedService, IAsyncDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(150);
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly ConfigurationOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisConnection> _logger;
    private Task<ConnectionMultiplexer>? _connecting;
    private long _closedUntil; // TimeProvider timestamp; 0: open

    public RedisConnection(string connectionString, TimeProvider time, ILogger<RedisConnection> logger)
    {
        _time = time;
        _logger = logger;
        _options = ConfigurationOptions.Parse(connectionString);
        _options.AbortOnConnectFail = false;
        _options.ClientName = "NeuroCred.Api";
        _options.ConnectTimeout = 1000;
        _options.ConnectRetry = 1;
        _options.AsyncTimeout = 1000; // the library notices by its heartbeat only; Timeout is enforced here
        _options.ReconnectRetryPolicy = new LinearRetry(500);
        // A command for a lost connection fails at once, and is not sent late to the next one.
        _options.BacklogPolicy = BacklogPolicy.FailFast;
    }

    /// <summary>Begins to connect, and does not wait: the service starts without Redis.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _connecting = Task.Run(() => ConnectionMultiplexer.ConnectAsync(_options), CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether the last command was answered in time: the next one is sent without a trial.</summary>
    public bool IsAvailable => Volatile.Read(ref _closedUntil) == 0;

    /// <param name="operation">The command's name, for telemetry.</param>
    /// <param name="command">Sends it.</param>
    /// <returns>The answer, or null when Redis did not give one in time. A command that timed out may still take effect later.</returns>
    public async Task<RedisResult?> TryAsync(string operation, Func<IDatabase, Task<RedisResult>> command)
    {
        if (!MayTry())
        {
            return null;
        }

        using var call = new RedisCall(operation, _time);
        try
        {
            if (_connecting is not { } connecting)
            {
                call.Fail("not_started");
                return Fail("not started yet");
            }

            var multiplexer = await connecting.WaitAsync(Timeout, _time);
            var result = await command(multiplexer.GetDatabase()).WaitAsync(Timeout, _time);
            Succeed();
            return result;
        }
        catch (Exception e) when (IsFailure(e))
        {
            call.Fail(e is TimeoutException ? "timeout" : e.GetType().Name);
            return Fail(e is TimeoutException ? $"no answer within {Timeout.TotalMilliseconds:0} ms" : e.GetType().Name);
        }
    }

    /// <summary>
    /// Sends a message to whoever listens to the channel, and waits for nothing. While Redis is left alone, or when it breaks, the message
    /// is lost. It tries Redis like any other command: a replica that is only written to must notice, too, that Redis is back.
    /// </summary>
    public void Publish(string channel, string message) =>
        _ = TryAsync("PUBLISH", database => database.ExecuteAsync("PUBLISH", channel, message));

    /// <summary>Returns when messages of the channel arrive, as soon as Redis is there. From then on the library keeps it so, over
    /// reconnections.</summary>
    public async Task SubscribeAsync(string channel, Action<string> received, CancellationToken cancellationToken)
    {
        var name = RedisChannel.Literal(channel);
        while (true)
        {
            try
            {
                var subscriber = (await _connecting!.WaitAsync(cancellationToken)).GetSubscriber();
                await subscriber.SubscribeAsync(name, (_, message) => received((string)message!)).WaitAsync(cancellationToken);
                return;
            }
            catch (Exception e) when (IsFailure(e))
            {
                await Task.Delay(Rest, _time, cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connecting is { IsCompletedSuccessfully: true } connected)
        {
            await (await connected).DisposeAsync();
        }
    }

    // Who finds the rest over prolongs it before trying: the others keep out until the outcome is known.
    private bool MayTry()
    {
        var until = Volatile.Read(ref _closedUntil);
        if (until == 0)
        {
            return true;
        }

        return _time.GetTimestamp() >= until && Interlocked.CompareExchange(ref _closedUntil, RestFromNow(), until) == until;
    }

    private void Succeed()
    {
        if (Volatile.Read(ref _closedUntil) != 0 && Interlocked.Exchange(ref _closedUntil, 0) != 0)
        {
            LogBack(_logger);
        }
    }

    // What the library throws has no base but Exception.
    private static bool IsFailure(Exception e) =>
        e is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException;

    private RedisResult? Fail(string reason)
    {
        if (Interlocked.Exchange(ref _closedUntil, RestFromNow()) == 0)
        {
            LogAway(_logger, reason);
        }

        return null;
    }

    private long RestFromNow() => _time.GetTimestamp() + (long)(Rest.TotalSeconds * _time.TimestampFrequency);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis is not available ({Reason}): working from Postgres")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis answers again")]
    private static partial void LogBack(ILogger logger);
}
