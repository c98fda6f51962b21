using System.Net;
using System.Net.Sockets;

namespace NeuroCred.Testing.Faults;

/// <summary>A way to a server of this machine that can be cut.</summary>
internal class NetworkCut : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TcpClient> _connections = [];
    private TcpListener _listener = new(IPAddress.Loopback, 0);
    private TaskCompletionSource _passes = new();
    private Task _accepting;

    /// <summary>Opens a way to a port of this machine.</summary>
    /// <param name="target">The port, which may be set later if nobody calls before.</param>
    public NetworkCut(int target = 0)
    {
        Target = target;
        _passes.SetResult();
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
    }

    public int Port { get; }

    /// <summary>Where it leads.</summary>
    public int Target { get; set; }

    /// <summary>Nobody listens any more, and connections end.</summary>
    public async Task RefuseAsync()
    {
        _listener.Dispose();
        await _accepting;
        lock (_connections)
        {
            _connections.ForEach(connection => connection.Dispose());
            _connections.Clear();
        }
    }

    /// <summary>Connections can be made, and nothing passes any more.</summary>
    public void FallSilent() => _passes = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Everything passes, and what was held back arrives.</summary>
    public void Mend()
    {
        if (!_listener.Server.IsBound)
        {
            _listener = new(IPAddress.Loopback, Port);
            _listener.Start();
            _accepting = AcceptAsync(_listener);
        }

        _passes.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await RefuseAsync();
        _stop.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private async Task CarryAsync(TcpClient caller)
    {
        using var server = new TcpClient { NoDelay = true };
        caller.NoDelay = true;
        lock (_connections)
        {
            _connections.Add(caller);
        }

        try
        {
            await _passes.Task.WaitAsync(_stop.Token);
            await server.ConnectAsync(IPAddress.Loopback, Target, _stop.Token);
            await Task.WhenAny(CarryAsync(caller.GetStream(), server.GetStream()), CarryAsync(server.GetStream(), caller.GetStream()));
        }
        catch (Exception e)
            when (e is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }
        finally
        {
            caller.Dispose();
        }
    }

    private async Task CarryAsync(NetworkStream from, NetworkStream to)
    {
        try
        {
            await CarryAsync(from, to, _stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The other end goes as well.
        }
    }

    /// <summary>Passes on what one end sends, until it has sent all.</summary>
    protected virtual async Task CarryAsync(NetworkStream from, NetworkStream to, CancellationToken stop)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, stop) is > 0 and var length)
        {
            await _passes.Task.WaitAsync(stop);
            await to.WriteAsync(buffer.AsMemory(0, length), stop);
        }
    }
}
