using NeuroCred.Processes;

namespace NeuroCred.Benchmarks.Cost;

/// <summary>Counts the established connections of a server. Linux only.</summary>
internal static class TcpConnections
{
    /// <summary>How many connections are open to a port of this machine.</summary>
    public static int CountTo(int port) =>
        TcpSocket.GetAll().Where(socket => socket.IsEstablished && socket.Port == port).DistinctBy(socket => socket.Remote).Count();
}
