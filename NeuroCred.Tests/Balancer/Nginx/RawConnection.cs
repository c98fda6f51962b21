using System.Net.Sockets;
using System.Text;

namespace NeuroCred.Tests.Balancer.Nginx;

/// <summary>A TCP connection on which a test writes bytes that no HTTP library would.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);
    private readonly TcpClient _client;

    /// <summary>Connects to this machine, from any of its addresses (127.0.0.0/8).</summary>
    public RawConnection(int port, string from = "127.0.0.1")
    {
        _client = new(new IPEndPoint(IPAddress.Parse(from), 0));
        _client.Connect(IPAddress.Loopback, port);
    }

    /// <summary>What it writes to and reads from.</summary>
    public NetworkStream Stream => _client.GetStream();

    public async Task SendAsync(string text) => await Stream.WriteAsync(Encoding.Latin1.GetBytes(text), Cancellation);

    /// <summary>Up to the end of a response's header, which may be all there is for a while.</summary>
    public async Task<string> ReadHeaderAsync()
    {
        var received = "";
        var buffer = new byte[4096];
        while (!received.Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await Stream.ReadAsync(buffer, Cancellation).AsTask().WaitAsync(s_deadline, Cancellation);
            Assert.NotEqual(0, count);
            received += Encoding.Latin1.GetString(buffer, 0, count);
        }

        return received;
    }

    /// <summary>Everything up to the end of the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var received = new MemoryStream();
        try
        {
            await Stream.CopyToAsync(received, Cancellation).WaitAsync(s_deadline, Cancellation);
        }
        catch (IOException)
        {
            // Reset: an end as well.
        }

        return Encoding.Latin1.GetString(received.ToArray());
    }

    public void Dispose() => _client.Dispose();
}
