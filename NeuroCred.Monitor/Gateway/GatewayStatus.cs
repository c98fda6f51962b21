using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Timeline;

namespace NeuroCred.Monitor.Gateway;

/// <summary>Asks the gateway every second for its connections, and thereby whether it is there at all.</summary>
internal sealed class GatewayStatus(MonitorOptions options, EventTimeline timeline, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    // Not a kept one: what is asked is also whether nginx still accepts any.
    private readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, UseProxy = false, UseCookies = false })
    {
        Timeout = s_interval,
    };

    private GatewayConnections? _connections;
    private bool? _isUp;

    /// <summary>The connections when it was last asked; null when it did not answer.</summary>
    public GatewayConnections? Connections => Volatile.Read(ref _connections);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _client.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(s_interval, time);
        do
        {
            var connections = await AskAsync(stoppingToken).ConfigureAwait(false);
            Volatile.Write(ref _connections, connections);
            Tell(connections is not null);
        }
        while (await beat.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    private async Task<GatewayConnections?> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            return GatewayConnectionsReader.TryRead(await _client.GetStringAsync(options.GatewayStatus, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    private void Tell(bool isUp)
    {
        if (isUp != _isUp && _isUp is not null)
        {
            timeline.Add(
                isUp ? TimelineKind.Back : TimelineKind.Gone,
                "gateway",
                isUp ? "The gateway answers again." : $"The gateway does not answer {options.GatewayStatus}.");
        }

        // Before it was there for the first time, its absence is no event.
        _isUp = isUp ? true : _isUp is null ? null : false;
    }
}
