using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NeuroCred.Tests.Balancer.Nginx;

/// <summary>A TCP connection on which a test writes bytes that no HTTP library would.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);
    private readonly TcpClient _client = new();

    public RawConnection(int port) => _client.Connect(IPAddress.Loopback, port);

    public async Task SendAsync(string text) => await _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken);

    /// <summary>Everything up to the end of the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var received = new MemoryStream();
        try
        {
            await _client.GetStream().CopyToAsync(received, TestContext.Current.CancellationToken).WaitAsync(s_deadline, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // Reset: an end as well.
        }

        return Encoding.Latin1.GetString(received.ToArray());
    }

    public void Dispose() => _client.Dispose();
}
