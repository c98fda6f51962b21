namespace NeuroCred.AppHost.Ports;

/// <summary>Finds out which program listens on a port. Only Linux tells, and only of programs of the same user.</summary>
internal static class PortOwner
{
    private const string Listening = "0A";

    /// <summary>Names the program.</summary>
    /// <param name="port">The port.</param>
    /// <returns>Its name and process id, such as <c>python3, pid 4711</c>; "another program" where that cannot be found out.</returns>
    internal static string Describe(int port)
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                var sockets = ReadListeners("/proc/net/tcp", port)
                    .Concat(ReadListeners("/proc/net/tcp6", port))
                    .Select(inode => $"socket:[{inode}]")
                    .ToHashSet();
                if (
                    sockets.Count > 0
                    && Directory.EnumerateDirectories("/proc").FirstOrDefault(process => Has(process, sockets)) is { } owner
                )
                {
                    return $"{File.ReadAllText(Path.Combine(owner, "comm")).Trim()}, pid {Path.GetFileName(owner)}";
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has just ended, or is not ours to look at.
            }
        }

        return "another program";
    }

    private static IEnumerable<string> ReadListeners(string file, int port)
    {
        // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode
        var suffix = $":{port:X4}";
        return !File.Exists(file)
            ? []
            : File.ReadLines(file)
                .Skip(1)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields.Length > 9 && fields[1].EndsWith(suffix, StringComparison.Ordinal) && fields[3] == Listening)
                .Select(fields => fields[9]);
    }

    private static bool Has(string process, HashSet<string> sockets)
    {
        if (!char.IsAsciiDigit(Path.GetFileName(process)[0]))
        {
            return false;
        }

        try
        {
            return Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(file => ReadLink(file) is { } link && sockets.Contains(link));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // One that was closed meanwhile says nothing of the others.
    private static string? ReadLink(string file)
    {
        try
        {
            return new FileInfo(file).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
