using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace NeuroCred.Testing.Processes;

/// <summary>Ports of the loopback address.</summary>
internal static class LocalPort
{
    private static readonly ConcurrentDictionary<int, bool> s_given = [];

    /// <summary>
    /// A port that nobody listens on, and that this was not asked for before. Below the range from which the kernel picks ports for
    /// connections, so that none gets it by chance before it is used.
    /// </summary>
    public static int FindFree()
    {
        int port;
        do
        {
            port = Random.Shared.Next(10_000, 20_000);
        } while (IsTaken(port) || !s_given.TryAdd(port, true));
        return port;
    }

    /// <summary>Whether somebody takes connections on a port.</summary>
    public static bool IsListening(int port)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool IsTaken(int port) =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener => listener.Port == port);
}
