using NeuroCred.Monitor.Model;
using static NeuroCred.Monitor.Diagnostics.FindingText;

namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>All replicas fail at the same time: not they are broken, but a dependency that all of them need.</summary>
internal sealed class SharedDependency : IRule
{
    /// <summary>
    /// Of the last attempts at a replica, the part that failed with an error from which it counts as failing. Less can be one kind of
    /// request.
    /// </summary>
    public const double FailingPart = 0.5;

    /// <summary>The fewest attempts at each replica.</summary>
    public const int LeastAttempts = 5;

    public IEnumerable<Finding> Judge(Observation now, IReadOnlyList<Finding> found)
    {
        // Those that run and do not drain. One alone may be the cause itself.
        var running = now.Replicas.Where(r => (r.IsServing || IsNotReady(r)) && r.Server?.Draining != true).ToList();
        if (running.Count < 2 || !running.All(r => IsNotReady(r) || IsFailing(r.Recent) || IsRefused(r)))
        {
            yield break;
        }

        var names = FindDependencies(running);
        var what = names is [] ? "a dependency" : ListDependencies(names);
        yield return new(
            FindingIds.SharedDependency,
            FindingSeverity.Critical,
            [.. running.Select(r => r.Name)],
            names is [] ? "All replicas fail: a dependency that all of them need is down"
                : running.Exists(IsNotReady) ? $"All replicas fail: they cannot use {what}"
                : $"Requests fail at all replicas: {what} refuses them",
            names is []
                ? "All replicas answer with errors at the same time, so a dependency that all of them need has failed, or the network to "
                    + "it. /health/ready does not name it."
                : $"The fault is in {what}, not in the replicas. /health/ready reports: {Quote(running, names)}.",
            [.. running.Select(Describe)],
            [
                names is []
                    ? "Find the dependency: look at the errors in a replica's log, and at /health/ready on its port for requests."
                    : $"Look at {what}: does it run and answer, is its disk full, can the replicas still log in?",
                "Do not restart replicas: it repairs nothing, and adds load when the dependency is back.",
                "The replicas serve again by themselves as soon as the dependency does.",
            ]
        );
    }

    private static bool IsFailing(ReplicaTraffic traffic) =>
        traffic.Attempts >= LeastAttempts && traffic.Failures.ServerErrors >= FailingPart * traffic.Attempts;

    // It serves, and some requests fail, as writes do when a database's disk is full.
    private static bool IsRefused(ObservedReplica replica) =>
        replica.Health is { State: ReplicaState.Degraded, UnhealthyDependencies.Count: > 0 } && replica.Recent.Failures.ServerErrors > 0;

    private static bool IsNotReady(ObservedReplica replica) => replica.Health.State == ReplicaState.NotReady;

    // The dependencies that are named by all replicas that name any.
    private static IReadOnlyList<string> FindDependencies(IReadOnlyList<ObservedReplica> replicas)
    {
        var said = replicas.Select(r => r.Health.UnhealthyDependencies.Keys).Where(names => names.Any()).ToList();
        return said is [] ? [] : WithoutConsequences(said.Aggregate((common, next) => common.Intersect(next)));
    }

    // In the dependency's own words, if it has any.
    private static string Quote(IReadOnlyList<ObservedReplica> replicas, IReadOnlyList<string> names) =>
        string.Join(
            "; ",
            names.Select(name =>
                $"{name} {replicas.First(r => r.Health.UnhealthyDependencies.ContainsKey(name)).Health.UnhealthyDependencies[name]}"
            )
        );

    private static string Describe(ObservedReplica replica)
    {
        var errors =
            replica.Recent.Attempts > 0
                ? $"{Count(replica.Recent.Failures.ServerErrors, "error")} in the last {Count(replica.Recent.Attempts, "attempt")}"
                : "not asked in the last seconds";
        var unhealthy = replica
            .Health.UnhealthyDependencies.OrderBy(d => d.Key, StringComparer.Ordinal)
            .Select(d => $"{d.Key}: {d.Value}")
            .ToList();
        return IsNotReady(replica) || IsRefused(replica)
            ? $"{replica.Name} is {(IsNotReady(replica) ? "not ready" : "degraded")} "
                + $"({(unhealthy is [] ? replica.Health.Reason ?? "without a reason" : string.Join("; ", unhealthy))}), {errors}."
            : $"{replica.Name}: {errors}.";
    }
}
