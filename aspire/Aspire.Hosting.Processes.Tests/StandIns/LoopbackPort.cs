using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;

namespace Aspire.Hosting.Processes.Tests.StandIns;

/// <summary>Ports of the loopback interface.</summary>
internal static class LoopbackPort
{
    private static readonly ConcurrentDictionary<int, bool> s_given = [];

    /// <summary>
    /// A port that nobody listens on and that no other test has got. Below the range from which the kernel picks ports, so that nobody gets
    /// it by chance before it is used.
    /// </summary>
    public static int Free()
    {
        int port;
        do
        {
            port = Random.Shared.Next(20_000, 32_000);
        } while (IsTaken(port) || !s_given.TryAdd(port, true));
        return port;
    }

    /// <summary>Whether somebody listens on 127.0.0.1. It only looks: to bind the port would disturb a service that is starting.</summary>
    public static bool IsTaken(int port) =>
        IPGlobalProperties
            .GetIPGlobalProperties()
            .GetActiveTcpListeners()
            .Any(listener =>
                listener.Port == port && (listener.Address.Equals(IPAddress.Loopback) || listener.Address.Equals(IPAddress.Any))
            );
}
