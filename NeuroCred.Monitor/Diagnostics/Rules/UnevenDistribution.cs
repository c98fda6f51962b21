using NeuroCred.Balancer.Policy;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>One replica answers much less, or much more, than its share.</summary>
internal sealed class UnevenDistribution : IRule
{
    /// <summary>How many times slower than the others a replica must be. Less than that costs it little under <c>least_conn</c>.</summary>
    public const double SlowFactor = 3;

    /// <summary>By how many milliseconds it must be slower: 1 ms against 0.3 ms is noise.</summary>
    public const double LeastSlownessMilliseconds = 20;

    /// <summary>The fewest answers whose times are compared.</summary>
    public const int LeastAnswers = 5;

    /// <summary>The part of its attempts that a replica must fail. Less leaves its share within what counts as even, and is told as retries.</summary>
    public const double FailingPart = 0.2;

    /// <summary>The fewest attempts that say so.</summary>
    public const int LeastAttempts = 10;

    public IEnumerable<Candidate> Judge(Observation now, IReadOnlyList<Candidate> found)
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
                // A replica that is slow for a known reason was told with that reason.
                if (!found.Any(f => FindingIds.IsLatency(f.Id) && f.Replicas.Contains(replica.Name)))
                {
                    yield return Slow(now, distribution, replica, slowness);
                }
            }
            else if (distribution.IsShort(replica) && LongConnections.Hold(now, replica))
            {
                yield return Long(now, distribution, replica);
            }
            else if ((distribution.IsShort(replica) || distribution.IsLong(replica)) && !found.Any(f => FindingIds.IsNoTraffic(f.Id) && f.Replicas.Contains(replica.Name)))
            {
                unexplained.Add(replica);
            }
        }

        if (unexplained.Count > 0 && now.Policy.Algorithm != BalancingAlgorithm.LeastConnections)
        {
            yield return Affinity(now, distribution, unexplained);
        }
    }

    // Either clients see the failures, or other replicas answer in its place, and it answers less than its share.
    private static bool IsFailing(Distribution distribution, ObservedReplica replica)
    {
        var (attempts, failures) = (replica.Traffic.Attempts, replica.Traffic.Failures.Total);
        var others = distribution.Replicas.Where(r => r != replica && r.Traffic.Attempts > 0).Select(FailedPart).DefaultIfEmpty(0).Average();
        return attempts >= LeastAttempts && FailedPart(replica) >= FailingPart && others < FailedPart(replica) / 3
            && (distribution.IsShort(replica) || distribution.IsLong(replica) || failures - replica.Traffic.Failovers > failures / 2);
    }

    private static double FailedPart(ObservedReplica replica) => replica.Traffic.Attempts > 0 ? replica.Traffic.Failures.Total / (double)replica.Traffic.Attempts : 0;

    // By the median, and by the slowest answers: one that stops now and then for long is slow as well.
    private static (double Own, double Others)? FindSlowness(Distribution distribution, ObservedReplica replica)
    {
        var others = distribution.Replicas.Where(r => r != replica).Select(r => r.Traffic.Response).OfType<Latency>().Where(l => l.Count >= LeastAnswers).ToList();
        if (replica.Traffic.Response is not { } own || own.Count < LeastAnswers || others is [])
        {
            return null;
        }

        foreach (var quantile in (Func<Latency, double>[])[l => l.P50, l => l.P95])
        {
            var typical = others.Select(quantile).Order().ElementAt(others.Count / 2);
            if (quantile(own) >= typical * SlowFactor && quantile(own) - typical >= LeastSlownessMilliseconds)
            {
                return (quantile(own), typical);
            }
        }

        return null;
    }

    private static Candidate Slow(Observation now, Distribution distribution, ObservedReplica replica, (double Own, double Others) slowness) => new(
        FindingIds.UnevenSlowReplica,
        FindingSeverity.Warning,
        [replica.Name],
        $"Distribution is uneven: {replica.Name} is slow",
        $"{replica.Name} takes {slowness.Own / Math.Max(slowness.Others, 0.1):0} times as long as the others, so the gateway, which asks the replica with the fewest requests under way, asks it less. "
            + "The others do the same work well, so it is this replica, or the machine that it runs on.",
        [
            distribution.Describe(replica),
            $"Its answers take {Words.Time(slowness.Own)}, those of the others {Words.Time(slowness.Others)}.",
            .. Own(replica, now),
        ],
        [
            "Compare its machine with the others': processor, memory, disk, neighbours.",
            $"Look at the traces of {replica.Name}: which part of a request takes so long?",
            "Drain it meanwhile, if the others can carry the load.",
        ]);

    private static IEnumerable<string> Own(ObservedReplica replica, Observation now)
        => replica.Server is { Requests.Count: > 0 } server ? [$"By its own metrics a request takes {Words.Time(server.Requests.MeanMilliseconds)} on average within {Words.Time(now.Window)}."] : [];

    private static Candidate Failing(Observation now, Distribution distribution, ObservedReplica replica) => new(
        FindingIds.UnevenFailingReplica,
        replica.Traffic.Failures.Total > replica.Traffic.Failovers ? FindingSeverity.Critical : FindingSeverity.Warning,
        [replica.Name],
        $"Distribution is uneven: attempts at {replica.Name} fail",
        $"Of the attempts at {replica.Name}, {Words.Percent(FailedPart(replica))} fail, and hardly any at the others: {Words.Worst(replica.Traffic.Failures)}. Its probes succeed, so they ask for less than clients do.",
        [
            $"{Words.Count(replica.Traffic.Failures.Total, "attempt")} of {replica.Traffic.Attempts} at {replica.Name} failed: {Words.Kinds(replica.Traffic.Failures)}.",
            $"After {replica.Traffic.Failovers} of them another replica was asked.",
            distribution.Describe(replica),
        ],
        [
            $"Look at the log of {replica.Name}: what do its errors say that those of the others do not?",
            "Compare its version and settings with the others'.",
            now.Policy.Failures.MaxFails == 0 ? "Drain or restart it: the gateway asks it again for each request." : "Drain or restart it.",
        ]);

    private static Candidate Long(Observation now, Distribution distribution, ObservedReplica replica) => new(
        FindingIds.UnevenLongConnections,
        FindingSeverity.Notice,
        [replica.Name],
        $"Distribution is uneven: {replica.Name} holds long connections",
        "WebSockets stay where they were opened, and least_conn counts each as a request under way: a replica that holds many gets few new requests. Mostly a restart or a drain of the others sent them all to one.",
        [
            distribution.Describe(replica),
            $"{replica.Name} holds {Words.Count(replica.Server!.LiveConnections, "WebSocket")}, the others {LongConnections.Typical(now, replica):0.#} on average.",
        ],
        [
            "Nothing, if the replicas have room: it evens out as clients reconnect.",
            $"Drain {replica.Name} for a moment and resume it: its WebSockets are closed with 1001, and go on elsewhere without a gap.",
        ]);

    private static Candidate Affinity(Observation now, Distribution distribution, IReadOnlyList<ObservedReplica> replicas)
    {
        var (name, by) = now.Policy.Algorithm == BalancingAlgorithm.IpHash ? ("ip_hash", "network (for IPv4 the first three octets of the address)") : ("cookie_hash", $"cookie {now.Policy.Affinity.Cookie}");
        return new(
            FindingIds.UnevenAffinity,
            FindingSeverity.Notice,
            [.. replicas.Select(r => r.Name)],
            $"Distribution is uneven: {name} keeps clients where they are",
            $"The gateway picks the replica by the client's {by}. With few of them, or a few very busy ones, some replicas get most of the requests.",
            [.. replicas.Select(distribution.Describe), $"Balancing:Algorithm is {name}."],
            [
                "Set Balancing:Algorithm to least_conn, unless clients must stay with a replica: NeuroCred's WebSockets need no affinity.",
                now.Policy.Algorithm == BalancingAlgorithm.IpHash ? "If they must, cookie_hash spreads clients behind one network." : "If they must, nothing is wrong: more clients even it out.",
            ]);
    }
}
