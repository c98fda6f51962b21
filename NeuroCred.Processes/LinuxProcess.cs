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
        !Directory.Exists("/proc/self")
            ? []
            :
            [
                .. from folder in Directory.EnumerateDirectories("/proc")
                where int.TryParse(Path.GetFileName(folder), NumberStyles.None, null, out _)
                let arguments = Read(Path.Combine(folder, "cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries)
                where arguments.Length > 0
                select new LinuxProcess(int.Parse(Path.GetFileName(folder)), arguments),
            ];

    /// <summary>The process that started this one, or null where there is no /proc.</summary>
    public static LinuxProcess? FindParent() =>
        ProcessTree.GetParent(Environment.ProcessId) is { } parent ? GetAll().FirstOrDefault(p => p.Id == parent) : null;

    /// <summary>What follows an option on its command line.</summary>
    public string? GetArgument(string option) => Arguments.SkipWhile(a => a != option).ElementAtOrDefault(1);

    /// <summary>Whether a text was in the environment it was started with.</summary>
    public bool HasInEnvironment(string text) => Read($"/proc/{Id}/environ").Contains(text, StringComparison.Ordinal);

    /// <summary>The name that the kernel has for it, of at most 15 characters; empty when it has ended.</summary>
    public string ReadName() => Read($"/proc/{Id}/comm").TrimEnd();

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

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path, Encoding.Latin1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is another user's.
            return "";
        }
    }
}
