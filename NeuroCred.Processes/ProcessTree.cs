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
        [.. LinuxProcess.GetIds().Where(id => GetParent(id) is { } parent && parents.Contains(parent))];

    /// <summary>The id of the process that a process descends from, or null when it has ended.</summary>
    internal static int? GetParent(int id) => LinuxProcess.ReadStat(id) is [_, var parent, ..] ? int.Parse(parent) : null;
}
