using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>All replicas fail together. Then it is none of them, but something that they share.</summary>
internal sealed class SharedDependency : IRule
{
    /// <summary>Of the last attempts at a replica, the part that failed with an error from which it counts as failing. Less can be one kind of request.</summary>
    public const double FailingPart = 0.5;

    /// <summary>The least attempts at each replica that say so.</summary>
    public const int LeastAttempts = 5;

    public IEnumerable<Candidate> Judge(Observation now, IReadOnlyList<Candidate> found)
    {
        // Those whose process is there and was not asked to leave. One alone shares nothing.
        var able = now.Replicas.Where(r => r.Health.State is ReplicaState.Serving or ReplicaState.Degraded or ReplicaState.NotReady && r.Server?.Draining != true).ToList();
        if (able.Count < 2 || !able.All(r => IsNotReady(r) || IsFailing(r.Recent)))
        {
            yield break;
        }

        var names = FindDependencies(able);
        var what = names is [] ? "a dependency" : Words.List(names);
        yield return new(
            FindingIds.SharedDependency,
            FindingSeverity.Critical,
            [.. able.Select(r => r.Name)],
            names is [] ? "All replicas fail together: something that they share is down" : $"All replicas fail together: {what} cannot be used",
            names is []
                ? "The replicas answer, but with errors, and all at once. What they share has failed: a dependency or the network to it. /health/ready does not name it."
                : $"The replicas run, but each says of {what} that it cannot be used. It is down, unreachable, or too slow to answer; the replicas are well.",
            [.. able.Select(Describe)],
            [
                names is [] ? "Look at the dependencies, not at the replicas: ask /health/ready on each replica's own port." : $"Look at {what}: does it run, does it answer, may the replicas still log in?",
                "Restart no replica: that heals nothing, and adds load when the dependency is back.",
                "Nothing has to be done for recovery: replicas serve again as soon as the dependency does.",
            ]);
    }

    /// <summary>Whether nearly every attempt at a replica is answered with an error.</summary>
    internal static bool IsFailing(ReplicaTraffic traffic) => traffic.Attempts >= LeastAttempts && traffic.Failures.ServerErrors >= FailingPart * traffic.Attempts;

    private static bool IsNotReady(ObservedReplica replica) => replica.Health.State == ReplicaState.NotReady;

    // What all of those say that say anything. A dependency that is missing beside it, and is not critical, would be named by all as well.
    private static List<string> FindDependencies(IReadOnlyList<ObservedReplica> replicas)
    {
        var said = replicas.Where(IsNotReady).Select(r => r.Health.UnwellDependencies.Keys).Where(k => k.Any()).ToList();
        return said is [] ? [] : [.. said.Aggregate<IEnumerable<string>>((common, next) => common.Intersect(next, StringComparer.Ordinal)).Order(StringComparer.Ordinal)];
    }

    private static string Describe(ObservedReplica replica)
    {
        var errors = replica.Recent.Attempts > 0 ? $"{Words.Count(replica.Recent.Failures.ServerErrors, "error")} in the last {Words.Count(replica.Recent.Attempts, "attempt")}" : "not asked lately";
        var unwell = replica.Health.UnwellDependencies.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Key}: {d.Value}").ToList();
        return IsNotReady(replica) ? $"{replica.Name} is not ready ({(unwell is [] ? replica.Health.Reason ?? "without a reason" : string.Join("; ", unwell))}), {errors}." : $"{replica.Name}: {errors}.";
    }
}
