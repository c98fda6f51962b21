using System.Net.WebSockets;

namespace NeuroCred.Benchmarks.Cost;

/// <summary>Clients that wait for scores over WebSockets.</summary>
internal sealed class LiveClients : IAsyncDisposable
{
    private readonly List<ClientWebSocket> _sockets = [];

    /// <summary>Opens connections, a few at a time, and takes the first message of each.</summary>
    public async Task OpenAsync(Uri gateway, int count, Func<int, string> wallet, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        for (var i = 0; i < count; i++)
        {
            var socket = new ClientWebSocket();
            socket.Options.SetRequestHeader("X-API-Key", Workload.ApiKey);
            _sockets.Add(socket);
            await socket.ConnectAsync(
                new UriBuilder(gateway) { Scheme = "ws", Path = $"/api/score/{wallet(i)}/live" }.Uri,
                cancellationToken
            );
            await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var socket in _sockets)
        {
            socket.Abort();
            socket.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}
