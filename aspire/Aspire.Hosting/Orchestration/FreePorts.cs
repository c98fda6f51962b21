using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Finds ports that nobody uses. They lie below the range from which the system takes the source ports of outgoing
/// connections, one of which could otherwise take the port of a resource while that one is being started again.
/// </summary>
/// <param name="reserved">Ports that are not given, although nobody uses them yet.</param>
internal sealed class FreePorts(params IEnumerable<int> reserved)
{
    private const int First = 20_000;
    private readonly HashSet<int> _given = [.. reserved];
    private readonly int _end = Math.Min(32_000, ReadFirstEphemeralPort());
    private readonly Lock _lock = new();

    internal int Next()
    {
        lock (_lock)
        {
            for (var attempt = 0; attempt < 1_000; attempt++)
            {
                var port = Random.Shared.Next(First, _end);
                if (IsFree(port) && _given.Add(port))
                {
                    return port;
                }
            }
        }

        throw new DistributedApplicationException($"No free port was found between {First} and {_end}.");
    }

    /// <summary>Whether nobody listens on a port, on any address.</summary>
    internal static bool IsFree(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            socket.Listen();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressFamilyNotSupported)
        {
            return IsFreeOnIPv4(port);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool IsFreeOnIPv4(int port)
    {
        try
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Any, port));
            listener.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int ReadFirstEphemeralPort()
    {
        const string file = "/proc/sys/net/ipv4/ip_local_port_range";
        return File.Exists(file) && int.TryParse(File.ReadAllText(file).Split('\t', ' ')[0], CultureInfo.InvariantCulture, out var first) && first > First + 1_000
            ? first
            : 32_000;
    }
}
