using NeuroCred.AppHost.Gateway;

namespace NeuroCred.AppHost.Supervision;

/// <summary>
/// Decides, from looks at nginx's workers, which of them hang, and whether one was killed. nginx starts another one by itself; but what the
/// killed one had open stays counted in the memory that all share, and keeps requests from its replica, until nginx is reloaded.
/// </summary>
internal sealed class WorkerDecisions
{
    /// <summary>In how many looks in a row one has to stand still. A debugger that is only attached stops it for less.</summary>
    private const int HungAfter = 3;

    private readonly Dictionary<int, int> _still = [];
    private HashSet<int> _serving = [];
    private HashSet<int> _replaced = [];

    /// <summary>Takes note of the workers that there are now.</summary>
    /// <returns>Those that hang, and those that have gone without having been told to.</returns>
    internal (IReadOnlyList<int> Hung, IReadOnlyList<int> Killed) OnLook(IReadOnlyList<NginxWorker> workers)
    {
        HashSet<int> all = [.. workers.Select(w => w.Id)];
        int[] killed = [.. _serving.Where(id => !all.Contains(id))];
        _replaced.IntersectWith(all);
        _serving = [.. workers.Where(w => !w.IsLeaving && !_replaced.Contains(w.Id)).Select(w => w.Id)];

        var stopped = workers.Where(w => w.IsStopped).Select(w => w.Id).ToHashSet();
        foreach (var id in _still.Keys.Where(id => !stopped.Contains(id)).ToArray())
        {
            _still.Remove(id);
        }

        foreach (var id in stopped)
        {
            _still[id] = _still.GetValueOrDefault(id) + 1;
        }

        return ([.. stopped.Where(id => _still[id] >= HungAfter)], killed);
    }

    /// <summary>Takes note that nginx was reloaded: the workers of now go, and were told to.</summary>
    internal void OnReload() => (_replaced, _serving) = ([.. _replaced, .. _serving], []);
}
