using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NeuroCred.Testing.Load;

/// <summary>One client that opens many connections, begins a request on each, and goes on a byte at a time.</summary>
/// <param name="address">Where it calls from.</param>
/// <param name="port">What it calls, on 127.0.0.1.</param>
/// <param name="count">How many connections.</param>
internal sealed class SlowClient(string address, int port, int count) : IDisposable
{
    private const int Most = 10_000,
        Least = 1000,
        ForOthers = 2000,
        AtOnce = 64;

    private readonly Socket?[] _sockets = new Socket?[count];

    /// <summary>10,000 connections, or fewer where this process may not open so many files. Each server has files of its own.</summary>
    /// <exception cref="InvalidOperationException">They would be fewer than 1,000.</exception>
    public static int ManyConnections =>
        Math.Min(Most, ReadOpenFileLimit() - ForOthers) is >= Least and var connections
            ? connections
            : throw new InvalidOperationException($"A process may not open enough files here: raise ulimit -n to {Most + ForOthers}.");

    /// <summary>How many are open and without an answer: a socket that can be read has one, or has been ended.</summary>
    public int CountWaiting() => _sockets.Count(socket => socket is { Connected: true } && !socket.Poll(0, SelectMode.SelectRead));

    /// <summary>Opens all connections, and begins a request on each. One that cannot be opened is left out.</summary>
    public Task OpenAsync(string begun, CancellationToken cancellationToken)
    {
        var first = Encoding.ASCII.GetBytes(begun);
        return Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                    await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
                    await socket.SendAsync(first, cancellation);
                    _sockets[i] = socket;
                }
                catch (Exception e) when (e is SocketException or OperationCanceledException)
                {
                    socket.Dispose();
                }
            }
        );
    }

    /// <summary>Sends one more byte on each connection that is open.</summary>
    public async Task SendByteAsync(CancellationToken cancellationToken)
    {
        foreach (var socket in _sockets)
        {
            try
            {
                await (socket?.SendAsync("a"u8.ToArray(), cancellationToken) ?? ValueTask.FromResult(0));
            }
            catch (SocketException)
            {
                // The server has ended it.
            }
        }
    }

    public void Dispose() => Array.ForEach(_sockets, socket => socket?.Dispose());

    private static int ReadOpenFileLimit()
    {
        var limit = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        return int.TryParse(limit.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], out var number) ? number : int.MaxValue;
    }
}
