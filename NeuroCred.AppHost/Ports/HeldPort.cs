using System.Net;
using System.Net.Sockets;

namespace NeuroCred.AppHost.Ports;

/// <summary>
/// A port that is bound on every address of the machine, and not listened on: whoever connects is refused, so that nginx asks another
/// replica, and no other program can listen on it.
/// </summary>
internal sealed class HeldPort : IDisposable
{
    private readonly Socket _socket;

    private HeldPort(Socket socket) => _socket = socket;

    /// <summary>Takes a port.</summary>
    /// <returns>What holds it until it is disposed of, or null when somebody has it.</returns>
    internal static HeldPort? TryTake(int port)
    {
        // One socket for both families, since a server on "localhost" listens on 127.0.0.1 and on ::1.
        var isBoth = Socket.OSSupportsIPv6;
        var socket = new Socket(isBoth ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (isBoth)
            {
                socket.DualMode = true;
            }

            if (OperatingSystem.IsWindows())
            {
                socket.ExclusiveAddressUse = true;
            }

            socket.Bind(new IPEndPoint(isBoth ? IPAddress.IPv6Any : IPAddress.Any, port));
            if (OperatingSystem.IsLinux())
            {
                KeepToItself(socket);
            }

            return new(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <remarks>
    /// .NET binds with SO_REUSEADDR. That is needed, since the connections of the process that ended linger; but while it is set, another
    /// program that sets it too, as most servers do, could listen.
    /// </remarks>
    private static void KeepToItself(Socket socket)
    {
        const int SocketLevel = 1,
            ReuseAddress = 2;
        socket.SetRawSocketOption(SocketLevel, ReuseAddress, BitConverter.GetBytes(0));
    }
}
