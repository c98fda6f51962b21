using System.Globalization;

namespace NeuroCred.Processes;

/// <summary>Who descends from whom, as Linux tells in /proc. Elsewhere nobody is known to descend from anybody.</summary>
public static class ProcessTree
{
    /// <summary>All that descends from a process, parents before their children: one that is suspended first starts no child that would be
    /// missed.</summary>
    public static IEnumerable<int> GetDescendants(int id)
    {
        for (IReadOnlyList<int> parents = [id]; parents.Count > 0; )
        {
            parents = GetChildren(parents);
            foreach (var child in parents)
            {
                yield return child;
            }
        }
    }

    /// <summary>The processes that some have started themselves.</summary>
    public static IReadOnlyList<int> GetChildren(IReadOnlyList<int> parents) =>
        !Directory.Exists("/proc/self")
            ? []
            :
            [
                .. from folder in Directory.EnumerateDirectories("/proc")
                let id = int.TryParse(Path.GetFileName(folder), NumberStyles.None, null, out var number) ? number : (int?)null
                where id is not null && GetParent(id.Value) is { } parent && parents.Contains(parent)
                select id.Value,
            ];

    /// <summary>The id of the process that a process descends from, or null when it has ended.</summary>
    public static int? GetParent(int id)
    {
        try
        {
            // pid (name) state ppid ...: a name may hold spaces and parentheses.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended.
            return null;
        }
    }
}
