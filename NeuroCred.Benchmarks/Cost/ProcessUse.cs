using NeuroCred.Processes;

namespace NeuroCred.Benchmarks.Cost;

/// <summary>What a process and all that descend from it have used, from /proc. Linux only.</summary>
/// <param name="CpuSeconds">Processor time since their start, of children that have ended too.</param>
/// <param name="ResidentBytes">Memory; a page that several of them share counts once for each.</param>
/// <param name="ProportionalBytes">Memory; a shared page counts in parts. What Postgres's processes really take.</param>
internal readonly record struct ProcessUse(double CpuSeconds, long ResidentBytes, long ProportionalBytes)
{
    // sysconf(_SC_CLK_TCK): the unit of /proc/<pid>/stat, which is the same on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    public static ProcessUse Read(int root)
    {
        var use = default(ProcessUse);
        foreach (var pid in ProcessTree.GetDescendants(root).Prepend(root))
        {
            try
            {
                use = new(
                    use.CpuSeconds + ReadCpu(pid),
                    use.ResidentBytes + ReadKilobytes($"/proc/{pid}/status", "VmRSS:"),
                    use.ProportionalBytes + ReadKilobytes($"/proc/{pid}/smaps_rollup", "Pss:")
                );
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended in the meantime: its time is now its parent's.
            }
        }

        return use;
    }

    private static double ReadCpu(int pid)
    {
        // pid (name) state ppid ...: utime, stime, cutime and cstime are the 14th to the 17th; a name may hold spaces and parentheses.
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[11..15].Sum(f => long.Parse(f)) / TicksPerSecond;
    }

    private static long ReadKilobytes(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? 1024 * long.Parse(line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[0])
            : 0;
}
