using System.Globalization;

namespace NeuroCred.AppHost.Processes;

/// <summary>Who descends from whom, as Linux tells in /proc. Elsewhere nobody is known to descend from anybody.</summary>
internal static class ProcessTree
{
    /// <summary>The children of processes.</summary>
    internal static IReadOnlyList<int> GetChildren(IReadOnlyList<int> parents)
        => !Directory.Exists("/proc/self") ? [] :
        [
            .. from folder in Directory.EnumerateDirectories("/proc")
               let id = int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (int?)null
               where id is not null && GetParent(id.Value) is { } parent && parents.Contains(parent)
               select id.Value,
        ];

    private static int? GetParent(int id)
    {
        try
        {
            // pid (name) state ppid ...: a name may hold spaces and parentheses.
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended.
            return null;
        }
    }
}
