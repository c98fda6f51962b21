using System.Globalization;
using System.Runtime.InteropServices;

namespace NeuroCred.Benchmarks.UnderTest;

/// <summary>A process and all that descend from it, as /proc knows them. Linux only.</summary>
internal static class ProcessTree
{
    /// <summary>What asks a process to end; and what ends, stops and continues one without asking it.</summary>
    public const int SigInt = 2, SigKill = 9, SigCont = 18, SigStop = 19;

    /// <summary>Sends a signal to a process, then to all that descended from it when this began.</summary>
    public static void Signal(int root, int signal)
    {
        // To kill(2), 0 is the caller's group and -1 is everybody.
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(root);
        foreach (var pid in Find(root))
        {
            // One that ended in the meantime needs no signal.
            _ = kill(pid, signal);
        }
    }

    /// <summary>Sends a signal to a process alone.</summary>
    public static void SignalOne(int pid, int signal) => _ = kill(pid, signal);

    /// <summary>A process and all that descend from it now.</summary>
    public static IReadOnlyList<int> Find(int root)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0)
            .ToLookup(ReadParent);
        List<int> tree = [root];
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(children[tree[i]]);
        }

        return tree;
    }

    private static int ReadParent(int pid)
    {
        try
        {
            // pid (name) state ppid ...; a name may hold spaces and parentheses.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
}
