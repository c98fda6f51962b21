using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Aspire.Hosting.Processes.StandIns;

/// <summary>The ports that a stand-in listens on.</summary>
internal static class ListeningPorts
{
    private static readonly TimeSpan s_releaseTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether this machine has an IPv6 loopback address, which <c>localhost</c> then means as well.</summary>
    public static bool HasIPv6 { get; } = CanBindIPv6Loopback();

    /// <summary>The port for a target port: as the container says, or else, the first that it publishes, or else the target port
    /// itself.</summary>
    public static int For(ContainerLaunch container, int targetPort) =>
        (
            container.Ports.FirstOrDefault(port => port.TargetPort == targetPort) ?? (container.Ports.Count > 0 ? container.Ports[0] : null)
        )?.ListenPort
        ?? targetPort;

    /// <summary>All addresses to bind. A container that publishes nothing is reachable by nobody else; a process at least from this machine
    /// only.</summary>
    public static IReadOnlyList<string> Addresses(ContainerLaunch container) =>
        container.Ports.Count == 0 ? ["127.0.0.1"] : [.. container.Ports.Select(port => port.ListenAddress).Distinct()];

    /// <summary>
    /// Waits a moment for ports that a predecessor still holds: one that was killed together with its supervisor is ended by its guard,
    /// some milliseconds later. A port that stays taken is left to the service, whose message names it.
    /// </summary>
    public static async Task WaitUntilFreeAsync(ContainerLaunch container)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (container.Ports.Any(IsTaken) && TimeProvider.System.GetElapsedTime(began) < s_releaseTime)
        {
            await Task.Delay(s_interval).ConfigureAwait(false);
        }
    }

    // Asks the kernel for listeners; to bind the port for a test would take it from a service that is just starting.
    private static bool IsTaken(ContainerPort port) =>
        IPAddress.TryParse(port.ListenAddress, out var address)
        && IPGlobalProperties
            .GetIPGlobalProperties()
            .GetActiveTcpListeners()
            .Any(listener =>
                listener.Port == port.ListenPort
                && (
                    listener.Address.Equals(address) || listener.Address.Equals(IPAddress.Any) || listener.Address.Equals(IPAddress.IPv6Any)
                )
            );

    private static bool CanBindIPv6Loopback()
    {
        try
        {
            using Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
