using System.Net;
using System.Net.Sockets;

namespace NeuroCred.Benchmarks.Monitoring;

/// <summary>Receives datagrams and does nothing with them: the least that a monitor would have to do.</summary>
internal sealed class DatagramReceiver : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 8 << 20 };
    private readonly Thread _thread;

    public DatagramReceiver()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _thread = new(Receive) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Where it receives.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public void Dispose()
    {
        _socket.Dispose();
        _thread.Join();
    }

    private void Receive()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                _socket.Receive(buffer);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }
}
