namespace NeuroCred.Benchmarks.Cost;

/// <summary>Counts the established connections of a server, from /proc/net. Linux only.</summary>
internal static class TcpConnections
{
    private const string Established = "01";

    /// <summary>How many connections are open to a port of this machine.</summary>
    public static int CountTo(int port)
    {
        // sl local_address rem_address st ...; an address is hexadecimal, with its port behind a colon.
        var local = $":{port:X4}";
        string[] tables = ["/proc/net/tcp", "/proc/net/tcp6"];
        return tables
            .Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 3 && fields[3] == Established && fields[1].EndsWith(local, StringComparison.Ordinal))
            // While others open and close connections, the kernel may list one twice.
            .DistinctBy(fields => (fields[1], fields[2]))
            .Count();
    }
}
