using NeuroCred.Balancer.Policy;
using NeuroCred.Monitor.Model;
using static NeuroCred.Monitor.Diagnostics.FindingText;

namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>One replica answers much less, or much more, than its share.</summary>
internal sealed class UnevenDistribution : IRule
{
    /// <summary>
    /// How many times slower than the others a replica must be. Less than that costs it little traffic under <c>least_conn</c>.
    /// </summary>
    public const double SlowFactor = 3;

    /// <summary>By how many milliseconds it must be slower: 1 ms against 0.3 ms is noise.</summary>
    public const double LeastSlownessMilliseconds = 20;

    /// <summary>The fewest answers whose times are compared.</summary>
    public const int LeastAnswers = 5;

    /// <summary>The part of its attempts that a replica must fail. Less leaves its share even, and is found as rising retries.</summary>
    public const double FailingPart = 0.2;

    /// <summary>The fewest attempts of such a replica.</summary>
    public const int LeastAttempts = 10;

    public IEnumerable<Finding> Judge(Observation now, IReadOnlyList<Finding> found)
    {
        if (found.Any(f => f.Id == FindingIds.SharedDependency))
        {
            yield break;
        }

        var distribution = Distribution.Of(now);
        var unexplained = new List<ObservedReplica>();
        foreach (var replica in distribution.Replicas)
        {
            if (IsFailing(distribution, replica))
            {
                yield return Failing(now, distribution, replica);
            }
            else if (distribution.IsShort(replica) && FindSlowness(distribution, replica) is { } slowness)
            {
                // A replica that is slow for a known reason has a finding with that reason.
                if (!IsAbout(found, replica, FindingIds.IsLatency))
                {
                    yield return Slow(now, distribution, replica, slowness);
                }
            }
            else if (
                now.Policy.Algorithm == BalancingAlgorithm.LeastConnections
                && distribution.IsShort(replica)
                && LongConnections.Hold(now, replica)
            )
            {
                yield return Long(now, distribution, replica);
            }
            else if ((distribution.IsShort(replica) || distribution.IsLong(replica)) && !IsAbout(found, replica, FindingIds.IsNoTraffic))
            {
                unexplained.Add(replica);
            }
        }

        if (unexplained.Count > 0 && now.Policy.Algorithm != BalancingAlgorithm.LeastConnections)
        {
            yield return Affinity(now, distribution, unexplained);
        }
    }

    private static bool IsAbout(IReadOnlyList<Finding> found, ObservedReplica replica, Func<string, bool> isKind) =>
        found.Any(f => isKind(f.Id) && f.Replicas.Contains(replica.Name));

    // Either clients see the failures, or other replicas answer in its place, and it answers less than its share.
    private static bool IsFailing(Distribution distribution, ObservedReplica replica)
    {
        var (attempts, failures) = (replica.Traffic.Attempts, replica.Traffic.Failures.Total);
        var others = distribution
            .Replicas.Where(r => r != replica && r.Traffic.Attempts > 0)
            .Select(FailedPart)
            .DefaultIfEmpty(0)
            .Average();
        return attempts >= LeastAttempts
            && FailedPart(replica) >= FailingPart
            && others < FailedPart(replica) / 3
            && (distribution.IsShort(replica) || distribution.IsLong(replica) || failures - replica.Traffic.Failovers > failures / 2);
    }

    private static double FailedPart(ObservedReplica replica) =>
        replica.Traffic.Attempts > 0 ? replica.Traffic.Failures.Total / (double)replica.Traffic.Attempts : 0;

    // By the median, and by the slowest answers: a replica that stops for long now and then is slow as well.
    private static (string Part, double Own, double Others)? FindSlowness(Distribution distribution, ObservedReplica replica)
    {
        var others = distribution
            .Replicas.Where(r => r != replica)
            .Select(r => r.Traffic.Response)
            .OfType<Latency>()
            .Where(l => l.Count >= LeastAnswers)
            .ToList();
        if (replica.Traffic.Response is not { } own || own.Count < LeastAnswers || others is [])
        {
            return null;
        }

        foreach (var (part, quantile) in ((string, Func<Latency, double>)[])[("Half", l => l.P50), ("95 of 100", l => l.P95)])
        {
            var typical = others.Select(quantile).Order().ElementAt(others.Count / 2);
            if (quantile(own) >= typical * SlowFactor && quantile(own) - typical >= LeastSlownessMilliseconds)
            {
                return (part, quantile(own), typical);
            }
        }

        return null;
    }

    private static Finding Slow(
        Observation now,
        Distribution distribution,
        ObservedReplica replica,
        (string Part, double Own, double Others) slowness
    ) =>
        new(
            FindingIds.UnevenSlowReplica,
            FindingSeverity.Warning,
            [replica.Name],
            $"Distribution is uneven: {replica.Name} is slow",
            $"{replica.Name} takes up to {slowness.Own / Math.Max(slowness.Others, 0.1):0} times as long as the others. "
                + (
                    now.Policy.Algorithm == BalancingAlgorithm.LeastConnections
                        ? "The gateway asks the replica with the fewest requests under way, so it asks this one less often. "
                        : ""
                )
                + "The others do the same work faster, so the cause is this replica, or the machine that it runs on.",
            [
                distribution.Describe(replica),
                $"{slowness.Part} of its answers take up to {Time(slowness.Own)}, those of the others {Time(slowness.Others)}.",
                .. OwnTime(replica, now),
            ],
            [
                "Compare its machine with the others': processor, memory, disk, other programs.",
                $"Look at the traces of {replica.Name}: which part of a request takes so long?",
                "Drain it meanwhile, if the others can carry the load.",
            ]
        );

    private static string[] OwnTime(ObservedReplica replica, Observation now) =>
        replica.Server is { Requests.Count: > 0 } server
            ? [$"By its own metrics a request takes {Time(server.Requests.MeanMilliseconds)} on average within {Time(now.Window)}."]
            : [];

    private static Finding Failing(Observation now, Distribution distribution, ObservedReplica replica) =>
        new(
            FindingIds.UnevenFailingReplica,
            replica.Traffic.Failures.Total > replica.Traffic.Failovers ? FindingSeverity.Critical : FindingSeverity.Warning,
            [replica.Name],
            $"{replica.Name} fails many more requests than the others",
            $"Of the attempts at {replica.Name}, {Percent(FailedPart(replica))} fail, more than three times the others' share: "
                + $"{Worst(replica.Traffic.Failures)}. "
                + "Its probes succeed, so they check less than clients ask for.",
            [
                $"{Count(replica.Traffic.Failures.Total, "attempt")} of {replica.Traffic.Attempts} at {replica.Name} failed: "
                    + $"{Kinds(replica.Traffic.Failures)}.",
                $"After {replica.Traffic.Failovers} of them another replica was asked.",
                distribution.Describe(replica),
            ],
            [
                $"Look at the log of {replica.Name}: which errors are in it that are not in those of the others?",
                "Compare its version and settings with the others'.",
                now.Policy.Failures.MaxFails == 0 ? "Drain or restart it: until then the gateway keeps asking it." : "Drain or restart it.",
            ]
        );

    private static Finding Long(Observation now, Distribution distribution, ObservedReplica replica) =>
        new(
            FindingIds.UnevenLongConnections,
            FindingSeverity.Notice,
            [replica.Name],
            $"Distribution is uneven: {replica.Name} holds long connections",
            "WebSockets stay where they were opened, and least_conn counts each as a request under way: a replica that holds many gets few "
                + "new requests. Usually the others were restarted or drained, and their WebSockets were all opened again on this one.",
            [
                distribution.Describe(replica),
                $"{replica.Name} holds {Count(replica.Server!.LiveConnections, "WebSocket")}, the others "
                    + $"{LongConnections.Typical(now, replica):0.#} "
                    + "on average.",
            ],
            [
                "Nothing, if the replicas have room: it evens out as clients reconnect.",
                $"Otherwise drain {replica.Name} and resume it: its WebSockets are closed with 1001, and their clients reconnect to the "
                    + "others.",
            ]
        );

    private static Finding Affinity(Observation now, Distribution distribution, IReadOnlyList<ObservedReplica> replicas)
    {
        var isByAddress = now.Policy.Algorithm == BalancingAlgorithm.IpHash;
        var (name, by) = isByAddress
            ? ("ip_hash", "network (for IPv4 the first three octets of the address)")
            : ("cookie_hash", $"cookie {now.Policy.Affinity.Cookie}");
        return new(
            FindingIds.UnevenAffinity,
            FindingSeverity.Notice,
            [.. replicas.Select(r => r.Name)],
            $"Distribution is uneven: {name} keeps each client with one replica",
            $"The gateway picks the replica by the client's {by}. If there are few clients, or a few send most requests, some replicas "
                + "get most of the requests.",
            [.. replicas.Select(distribution.Describe), $"Balancing:Algorithm is {name}."],
            [
                "Set Balancing:Algorithm to least_conn, unless clients must stay with a replica: NeuroCred's WebSockets need no affinity.",
                isByAddress
                    ? "If they must, cookie_hash spreads clients behind one network."
                    : "If they must, nothing is wrong: with more clients it evens out.",
            ]
        );
    }
}
