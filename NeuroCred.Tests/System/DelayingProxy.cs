using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>A way to a server on which everything takes longer, as on a long or busy network.</summary>
internal sealed class DelayingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly Task _accepting;

    /// <summary>Opens a way to a port of this machine.</summary>
    public DelayingProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How long everything takes, in each direction.</summary>
    public TimeSpan Delay { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // Disposed.
        }
    }

    private async Task CarryAsync(TcpClient caller)
    {
        using var _ = caller;
        using var server = new TcpClient { NoDelay = true };
        caller.NoDelay = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            await Task.WhenAny(CarryAsync(caller.GetStream(), server.GetStream()), CarryAsync(server.GetStream(), caller.GetStream()));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // Nobody listens there: whoever called sees the connection end.
        }
    }

    // What was read is on its way while more is read: a delay, and no narrowness.
    private async Task CarryAsync(NetworkStream from, NetworkStream to)
    {
        var onItsWay = Channel.CreateUnbounded<(byte[] Bytes, Task Arrival)>();
        var writing = WriteAsync();
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var length)
            {
                onItsWay.Writer.TryWrite((buffer[..length], Task.Delay(Delay, _stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The other end goes as well.
        }

        onItsWay.Writer.Complete();
        await writing;

        async Task WriteAsync()
        {
            try
            {
                await foreach (var (bytes, arrival) in onItsWay.Reader.ReadAllAsync())
                {
                    await arrival;
                    await to.WriteAsync(bytes, _stop.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // Likewise.
            }
        }
    }
}
