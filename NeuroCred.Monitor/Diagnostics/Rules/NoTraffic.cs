using NeuroCred.Balancer.Policy;
using NeuroCred.Monitor.Model;
using static NeuroCred.Monitor.Diagnostics.FindingText;

namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>A replica gets no traffic, while others do or would.</summary>
internal sealed class NoTraffic : IRule
{
    /// <summary>
    /// Up to this part of an even share counts as none: requests that were under way when it stopped, and those that try whether it is
    /// back.
    /// </summary>
    public const double NonePart = 0.1;

    /// <summary>The fewest requests by which it is judged whether a replica gets any. With fewer, the probes alone decide.</summary>
    public const int LeastRequests = 10;

    /// <summary>How long a replica must have been ready: a balancer that discovers replicas learns of a new one within seconds.</summary>
    public static readonly TimeSpan LeastReady = TimeSpan.FromSeconds(5);

    /// <summary>The fewest requests of an even share: if 10 are expected, none at all is not by chance.</summary>
    public const int LeastMissed = 10;

    /// <summary>How long a replica may take to listen for the first time: it is often started together with the monitor.</summary>
    public static readonly TimeSpan FirstStart = TimeSpan.FromSeconds(10);

    public IEnumerable<Finding> Judge(Observation now, IReadOnlyList<Finding> found)
    {
        if (now.Replicas is [])
        {
            yield return NoneFound(now);
        }

        var shared = found.Any(f => f.Id == FindingIds.SharedDependency);
        foreach (var replica in now.Replicas)
        {
            var finding = replica.Health.State switch
            {
                ReplicaState.Down when replica.Health.IsPortTaken => PortTaken(now, replica),
                ReplicaState.Down => IsWithout(now, replica) && !IsStarting(now, replica) ? Refused(now, replica) : null,
                ReplicaState.Hung => IsWithout(now, replica) && !shared ? FailingProbes(now, replica) : null,
                ReplicaState.Draining => Drained(now, replica),
                ReplicaState.NotReady => IsWithout(now, replica) && !shared ? NotReady(now, replica) : null,
                ReplicaState.Unknown => null,

                // The probes of readiness may be half a minute apart; its metrics report it within a second.
                _ when replica.Server?.Draining == true => Drained(now, replica),
                _ => IsMissed(now, replica) ? NotInUpstream(now, replica) : null,
            };
            if (finding is not null)
            {
                yield return finding;
            }
        }
    }

    private static bool IsWithout(Observation now, ObservedReplica replica) =>
        now.RecentRequests < LeastRequests || replica.Recent.Answers <= NonePart * now.RecentRequests / now.Replicas.Count;

    private static bool IsStarting(Observation now, ObservedReplica replica) =>
        replica.Health.Started is null && !replica.IsOlderThan(now, FirstStart);

    // Affinity may leave a replica without clients, and long connections without new requests: those have findings of their own.
    private static bool IsMissed(Observation now, ObservedReplica replica)
    {
        var failTimeout = now.Policy.Failures.MaxFails > 0 ? now.Policy.Failures.FailTimeout : TimeSpan.Zero;
        return now.Replicas.Count > 1
            && now.Policy.Algorithm == BalancingAlgorithm.LeastConnections
            && replica.Traffic.Attempts == 0
            && replica.IsSettled(now)
            && replica.IsOlderThan(now, LeastReady + failTimeout)
            && now.Replicas.Where(r => r != replica).Sum(r => r.Traffic.Answers) >= LeastMissed * (now.Replicas.Count - 1)
            && !LongConnections.Hold(now, replica);
    }

    // Of replicas that are configured there is at least one.
    private static Finding NoneFound(Observation now) =>
        new(
            FindingIds.NoTrafficNoneFound,
            FindingSeverity.Critical,
            [],
            "No replica is found: the name that they share has no address",
            "None has run since the monitor was started, or the name is wrong, or the DNS server does not answer.",
            [$"The gateway has had {Count(now.RecentRequests, "request")} in the last seconds."],
            [
                "Look whether replicas run, and at the end of their logs.",
                "If they run, compare the name in Monitor:Discovery:Url with the one in the gateway's upstream.",
            ]
        );

    private static Finding PortTaken(Observation now, ObservedReplica replica) =>
        new(
            FindingIds.NoTrafficPortTaken,
            FindingSeverity.Critical,
            [replica.Name],
            $"{replica.Name} does not get its requests: another program listens on its port and answers them",
            "That program took the port while the replica was down, or the gateway's upstream has the wrong address. Clients get its "
                + "answers, which are counted below.",
            [Probe(now, replica), Traffic(now, replica)],
            [
                "Find the program that listens on the port (ss -ltnp), and end it: then the replica can start.",
                "If it is meant to listen there, correct the replica's address in the gateway's upstream.",
            ]
        );

    private static Finding Refused(Observation now, ObservedReplica replica) =>
        new(
            FindingIds.NoTrafficRefused,
            Severity(now),
            [replica.Name],
            $"{replica.Name} gets no traffic: nothing listens on its port",
            "Its process does not run, has not opened its port yet, or listens on another port or address, or a firewall refuses the "
                + "connection.",
            [Probe(now, replica), Traffic(now, replica)],
            [
                "Look whether the process runs, and at the end of its log. Start it again if it was stopped.",
                "If it runs, compare the port that it listens on with the one in the gateway's upstream.",
                "If both are the same, look at the firewall between them.",
            ]
        );

    private static Finding NotReady(Observation now, ObservedReplica replica)
    {
        var unhealthy = replica.Health.UnhealthyDependencies;
        var what = unhealthy.Count > 0 ? ListDependencies(unhealthy.Keys) : "a critical dependency";
        var othersServe = now.Replicas.Any(r => r.IsServing);
        return new(
            FindingIds.NoTrafficNotReady,
            Severity(now),
            [replica.Name],
            $"{replica.Name} gets no traffic: it cannot use {what}",
            othersServe
                ? $"It runs, but reports that it cannot serve without {what}. Other replicas can use {what}, so the network between "
                    + $"{replica.Name} and {what} is broken, or the settings of {replica.Name} differ."
                : $"It runs, but reports that it cannot serve without {what}, which is down or unreachable, or the settings for it are "
                    + "wrong.",
            [
                Probe(now, replica),
                .. unhealthy.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"/health/ready reports of {d.Key}: {d.Value}."),
                Traffic(now, replica),
            ],
            [
                othersServe
                    ? $"Compare its connection settings for {what} with those of a replica that is ready."
                    : $"Look at {what}: does it run, and does it answer?",
                $"Try to reach {what} from where {replica.Name} runs.",
            ]
        );
    }

    private static Finding FailingProbes(Observation now, ObservedReplica replica) =>
        new(
            FindingIds.NoTrafficFailingProbes,
            Severity(now),
            [replica.Name],
            $"{replica.Name} gets no traffic: it does not answer its health probes",
            "No valid answer comes in time: its process is suspended, deadlocked, or out of threads, memory or processor time; or its "
                + "machine or container is gone, or the network to it is broken.",
            [Probe(now, replica), Traffic(now, replica)],
            [
                "Look whether its process, and its container or machine, still run and can be reached.",
                "If the process runs: take a dump if you want to know why, then restart it, unless the supervisor or the image's watchdog "
                    + "does.",
                "Look at the machine's memory and processor use.",
            ]
        );

    private static Finding Drained(Observation now, ObservedReplica replica) =>
        new(
            FindingIds.NoTrafficDrained,
            now.Replicas.Any(r => r.IsServing) ? FindingSeverity.Notice : FindingSeverity.Critical,
            [replica.Name],
            $"{replica.Name} gets no traffic: it is drained",
            "Someone drained it (Drain on the dashboard, PUT /drain), or it was told to stop and completes its last requests.",
            [replica.Health.Reason is null ? $"{replica.Name} reports that it is draining." : Probe(now, replica), Traffic(now, replica)],
            [
                "If it should serve again: Resume on the dashboard, or DELETE /drain on its management port.",
                "If it was told to stop, nothing: it ends by itself.",
            ]
        );

    private static Finding NotInUpstream(Observation now, ObservedReplica replica) =>
        new(
            FindingIds.NoTrafficNotInUpstream,
            FindingSeverity.Warning,
            [replica.Name],
            $"{replica.Name} gets no traffic: the gateway never asks it",
            "It is ready, and the gateway asks the other replicas but never this one: it is missing in the gateway's upstream, is marked "
                + "down there, or has another address there.",
            [
                $"{replica.Name} has been ready for {Time(now.Time - replica.Health.Since)}.",
                $"Within {Time(now.Window)} the gateway made no attempt at it, and got "
                    + $"{Count(now.Replicas.Sum(r => r.Traffic.Answers), "answer")} "
                    + "from the others.",
            ],
            [
                $"Compare the servers of the gateway's upstream {now.Policy.Upstream.Name} with the address that {replica.Name} "
                    + "listens on.",
                "Reload nginx after a change (nginx -s reload): a restart breaks all connections.",
            ]
        );

    private static FindingSeverity Severity(Observation now) =>
        now.Replicas.Any(r => r.IsServing) ? FindingSeverity.Warning : FindingSeverity.Critical;

    private static string Probe(Observation now, ObservedReplica replica) =>
        $"The probes report: {replica.Health.Reason ?? "no reason"}, for {Time(now.Time - replica.Health.Since)}.";

    private static string Traffic(Observation now, ObservedReplica replica) =>
        now.RecentRequests == 0
            ? "The gateway has had no requests in the last seconds."
            : $"Of the gateway's last {Count(now.RecentRequests, "request")} it answered {replica.Recent.Answers}; "
                + $"{Count(replica.Recent.Failures.Total, "attempt")} at it failed"
                + (replica.Recent.Failures.Total > 0 ? $" ({Kinds(replica.Recent.Failures)})." : ".");
}
