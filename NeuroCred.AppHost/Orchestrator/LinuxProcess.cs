using System.Globalization;
using System.Text;
using NeuroCred.AppHost.Processes;

namespace NeuroCred.AppHost.Orchestrator;

/// <summary>A process as Linux shows it in /proc.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Arguments">Its command line.</param>
internal sealed record LinuxProcess(int Id, IReadOnlyList<string> Arguments)
{
    /// <summary>The name of its program's file.</summary>
    internal string Program => Path.GetFileName(Arguments[0]);

    /// <summary>All processes that can be read, none where there is no /proc.</summary>
    internal static IReadOnlyList<LinuxProcess> GetAll()
        => !Directory.Exists("/proc/self") ? [] :
        [
            .. from folder in Directory.EnumerateDirectories("/proc")
               where int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _)
               let arguments = Read(Path.Combine(folder, "cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries)
               where arguments.Length > 0
               select new LinuxProcess(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), arguments),
        ];

    /// <summary>The process that started this one, or null where there is no /proc.</summary>
    internal static LinuxProcess? FindParent() => ProcessTree.GetParent(Environment.ProcessId) is { } parent ? GetAll().FirstOrDefault(p => p.Id == parent) : null;

    /// <summary>What follows an option on its command line.</summary>
    internal string? GetArgument(string option) => Arguments.SkipWhile(a => a != option).ElementAtOrDefault(1);

    /// <summary>Whether a text was in the environment it was started with.</summary>
    internal bool HasInEnvironment(string text) => Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{Id}/environ")).Contains(text, StringComparison.Ordinal);

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
