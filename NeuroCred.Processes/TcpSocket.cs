using System.Globalization;

namespace NeuroCred.Processes;

/// <summary>A TCP socket as Linux shows it in /proc/net.</summary>
/// <param name="Port">Its own port.</param>
/// <param name="Remote">The other end, as the kernel writes it.</param>
/// <param name="State">The kernel's number of its state.</param>
/// <param name="Inode">What tells it from a later one with the same addresses, and which process has it.</param>
public sealed record TcpSocket(int Port, string Remote, string State, string Inode)
{
    private static readonly string[] s_tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>Whether it listens.</summary>
    public bool Listens => State == "0A";

    /// <summary>Whether it is a connection in use.</summary>
    public bool IsEstablished => State == "01";

    /// <summary>All sockets of this machine, none where there is no /proc. While others open and close some, the kernel may show one
    /// twice.</summary>
    public static IEnumerable<TcpSocket> GetAll() =>
        s_tables
            .Where(File.Exists)
            .SelectMany(file => File.ReadLines(file).Skip(1))
            // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode; an address is hexadecimal.
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9)
            .Select(fields => new TcpSocket(int.Parse(fields[1].Split(':')[1], NumberStyles.HexNumber), fields[2], fields[3], fields[9]));
}
