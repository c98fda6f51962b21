using System.Text;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Timeline;

namespace NeuroCred.Monitor.Gateway;

/// <summary>Reads the gateway's connections every second, and thereby whether it answers at all.</summary>
internal sealed class GatewayStatus(MonitorOptions options, EventTimeline timeline, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    // It is often started together with the monitor.
    private static readonly TimeSpan s_firstStart = TimeSpan.FromSeconds(10);

    // A new connection each time: it shows whether nginx still accepts any.
    private readonly HttpClient _client = new(
        new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.Zero,
            UseProxy = false,
            UseCookies = false,
        }
    )
    {
        Timeout = s_interval,
    };

    private volatile GatewayConnections? _connections;
    private bool _wasLate;
    private volatile bool _hasAnswered;
    private long _lastAnswer = time.GetTimestamp();

    /// <summary>The connections as of the last answer; null if the gateway refused the last request, or was late twice in a row.</summary>
    public GatewayConnections? Connections => _connections;

    /// <summary>For how long it has not answered; null while there are <see cref="Connections"/>, and until 10 s after the monitor's start
    /// if it has never answered.</summary>
    public TimeSpan? Silence =>
        _connections is null
        && time.GetElapsedTime(Volatile.Read(ref _lastAnswer)) is var silence
        && (_hasAnswered || silence >= s_firstStart)
            ? silence
            : null;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _client.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        do
        {
            var wasUp = _connections is not null;
            _connections = await AskAsync(stoppingToken);
            Note(wasUp, _connections is not null);
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<GatewayConnections?> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Not as a string: that throws where another program answers in a character set that .NET does not have.
            var answer = await _client.GetByteArrayAsync(options.GatewayStatus, cancellationToken);
            _wasLate = false;
            return GatewayConnectionsReader.TryRead(Encoding.UTF8.GetString(answer));
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Once late may be this process, which something held up.
            var before = _wasLate ? null : _connections;
            _wasLate = true;
            return before;
        }
    }

    private void Note(bool wasUp, bool isUp)
    {
        // Before it answered for the first time, no answer is no event.
        if (_hasAnswered && isUp != wasUp)
        {
            timeline.Add(
                isUp ? TimelineKind.Back : TimelineKind.Gone,
                "gateway",
                isUp ? "The gateway answers again." : $"The gateway does not answer {options.GatewayStatus}."
            );
        }

        if (isUp)
        {
            Volatile.Write(ref _lastAnswer, time.GetTimestamp());
            _hasAnswered = true;
        }
    }
}
