using NeuroCred.Processes;

namespace NeuroCred.AppHost.Ports;

/// <summary>Finds out which program listens on a port. Only Linux tells, and only of programs of the same user.</summary>
internal static class PortOwner
{
    /// <summary>Names the program.</summary>
    /// <returns>Its name and process id, such as <c>python3, pid 4711</c>; "another program" where that cannot be found out.</returns>
    internal static string Describe(int port)
    {
        var sockets = TcpSocket.GetAll().Where(s => s.Listens && s.Port == port).Select(s => $"socket:[{s.Inode}]").ToHashSet();
        return
            sockets.Count > 0
            && LinuxProcess.GetAll().FirstOrDefault(p => LinuxProcess.ReadOpenFiles(p.Id).Any(sockets.Contains)) is { } owner
            ? $"{owner.ReadName()}, pid {owner.Id}"
            : "another program";
    }
}
