using System.Globalization;
using System.Text;

namespace NeuroCred.Processes;

/// <summary>A process as Linux shows it in /proc.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Arguments">Its command line.</param>
public sealed record LinuxProcess(int Id, IReadOnlyList<string> Arguments)
{
    /// <summary>The name of its program's file.</summary>
    public string Program => Path.GetFileName(Arguments[0]);

    /// <summary>All processes that can be read, none where there is no /proc.</summary>
    public static IReadOnlyList<LinuxProcess> GetAll() =>
        [
            .. from id in GetIds()
            let arguments = Read(id, "cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries)
            where arguments.Length > 0
            select new LinuxProcess(id, arguments),
        ];

    /// <summary>The process that started this one, or null where there is no /proc.</summary>
    public static LinuxProcess? FindParent() =>
        ProcessTree.GetParent(Environment.ProcessId) is { } parent ? GetAll().FirstOrDefault(p => p.Id == parent) : null;

    /// <summary>What follows an option on its command line.</summary>
    public string? GetArgument(string option) => Arguments.SkipWhile(a => a != option).ElementAtOrDefault(1);

    /// <summary>Whether a text was in the environment it was started with.</summary>
    public bool HasInEnvironment(string text) => Read(Id, "environ").Contains(text, StringComparison.Ordinal);

    /// <summary>The name that the kernel has for it, of at most 15 characters; empty when it has ended.</summary>
    public string ReadName() => Read(Id, "comm").TrimEnd();

    /// <summary>What its open files are, as the kernel names them: a path, <c>socket:[inode]</c> and the like. Of another user's process,
    /// nothing.</summary>
    public static IReadOnlyList<string> ReadOpenFiles(int id)
    {
        try
        {
            return [.. Directory.EnumerateFiles($"/proc/{id}/fd").Select(ReadLink)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // One that was closed meanwhile says nothing of the others.
    private static string ReadLink(string file)
    {
        try
        {
            return new FileInfo(file).LinkTarget ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>The fields of a process's <c>stat</c> from its state on (<c>T</c>: it stands still), then the id of its parent; none when
    /// it has ended.</summary>
    public static IReadOnlyList<string> ReadStat(int id)
    {
        // pid (name) state ppid ...: a name may hold spaces and parentheses.
        var stat = Read(id, "stat");
        return stat.LastIndexOf(')') is > 0 and var end ? stat[(end + 2)..].Split(' ') : [];
    }

    /// <summary>A file that the kernel has of a process; empty when it has ended, or is another user's.</summary>
    public static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}", Encoding.Latin1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>The ids of all processes, none where there is no /proc.</summary>
    internal static IEnumerable<int> GetIds() =>
        !Directory.Exists("/proc/self")
            ? []
            : Directory
                .EnumerateDirectories("/proc")
                .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, null, out var id) ? id : 0)
                .Where(id => id > 0);
}
