using System.Buffers.Binary;
using System.Net.Sockets;

namespace NeuroCred.Tests.Balancer.Nginx;

/// <summary>A DNS server on a port of 127.0.0.1 that gives every name the same addresses: those of the moment.</summary>
internal sealed class StubDns : IAsyncDisposable
{
    private const int HeaderLength = 12;
    private const int NoSuchName = 3;

    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _end = new();
    private readonly Task _answering;
    private volatile IPAddress[] _addresses = [];

    public StubDns() => _answering = AnswerAsync();

    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    /// <summary>From now on names have these addresses; without one there is no such name.</summary>
    public void Give(params IEnumerable<string> addresses) => _addresses = [.. addresses.Select(IPAddress.Parse)];

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task AnswerAsync()
    {
        while (true)
        {
            var asked = await _socket.ReceiveAsync(_end.Token);
            await _socket.SendAsync(Answer(asked.Buffer, _addresses), asked.RemoteEndPoint, _end.Token);
        }
    }

    // RFC 1035, 4.1: a header, the question as it was asked, and a record for each address.
    private static byte[] Answer(byte[] asked, IPAddress[] addresses)
    {
        var question = asked.AsSpan(HeaderLength, asked.AsSpan(HeaderLength).IndexOf((byte)0) + 5);
        var answer = new byte[HeaderLength + question.Length + (16 * addresses.Length)];
        asked.AsSpan(0, 2).CopyTo(answer);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(2), (ushort)(0x8180 | (addresses is [] ? NoSuchName : 0)));
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(4), 1);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(6), (ushort)addresses.Length);
        question.CopyTo(answer.AsSpan(HeaderLength));
        foreach (var (i, address) in addresses.Index())
        {
            // The name of the question, an address of the Internet, for 60 s, 4 bytes.
            byte[] record = [0xC0, HeaderLength, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, .. address.GetAddressBytes()];
            record.CopyTo(answer, HeaderLength + question.Length + (16 * i));
        }

        return answer;
    }
}
