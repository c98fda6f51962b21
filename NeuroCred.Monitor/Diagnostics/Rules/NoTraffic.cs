using NeuroCred.Balancer.Policy;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>A replica gets no traffic, while others do or would.</summary>
internal sealed class NoTraffic : IRule
{
    /// <summary>Up to this part of an even share counts as none: what was under way when it went, and a request that tries whether it is back.</summary>
    public const double NonePart = 0.1;

    /// <summary>The fewest requests from which it is noticed that a replica gets none. With fewer, the probes alone decide.</summary>
    public const int LeastRequests = 10;

    /// <summary>How long a replica must have been ready before it is missed: a balancer that is told of replicas learns of a new one within seconds.</summary>
    public static readonly TimeSpan ReadyForAWhile = TimeSpan.FromSeconds(5);

    /// <summary>The fewest requests that an even share would have brought it by then. With 10 expected, none at all is no chance.</summary>
    public const int LeastMissed = 10;

    /// <summary>How long a replica may take to listen for the first time: it is often started together with the monitor.</summary>
    public static readonly TimeSpan FirstStart = TimeSpan.FromSeconds(10);

    public IEnumerable<Candidate> Judge(Observation now, IReadOnlyList<Candidate> found)
    {
        var shared = found.Any(f => f.Id == FindingIds.SharedDependency);
        foreach (var replica in now.Replicas)
        {
            var candidate = replica.Health.State switch
            {
                ReplicaState.Down when replica.Health.IsPortTaken => PortTaken(now, replica),
                ReplicaState.Down => IsWithout(now, replica) && !IsStarting(now, replica) ? Refused(now, replica) : null,
                ReplicaState.Hung => IsWithout(now, replica) && !shared ? FailingProbes(now, replica) : null,
                ReplicaState.Draining => Drained(now, replica),
                ReplicaState.NotReady => IsWithout(now, replica) && !shared ? NotReady(now, replica) : null,
                ReplicaState.Unknown => null,

                // The probes of readiness may be half a minute apart; its metrics say so within a second.
                _ when replica.Server?.Draining == true => Drained(now, replica),
                _ => IsMissed(now, replica) ? NotInUpstream(now, replica) : null,
            };
            if (candidate is not null)
            {
                yield return candidate;
            }
        }
    }

    private static bool IsWithout(Observation now, ObservedReplica replica)
        => now.RecentRequests < LeastRequests || replica.Recent.Answers <= NonePart * now.RecentRequests / now.Replicas.Count;

    private static bool IsStarting(Observation now, ObservedReplica replica) => replica.Health.Started is null && !replica.IsOlderThan(now, FirstStart);

    // Affinity may leave a replica without clients, and long connections without new requests: that is told as what it is.
    private static bool IsMissed(Observation now, ObservedReplica replica)
    {
        var leftAlone = now.Policy.Failures.MaxFails > 0 ? now.Policy.Failures.FailTimeout : TimeSpan.Zero;
        return now.Policy.Algorithm == BalancingAlgorithm.LeastConnections
            && replica.Traffic.Attempts == 0
            && replica.IsSettled(now)
            && replica.IsOlderThan(now, ReadyForAWhile + leftAlone)
            && now.Replicas.Where(r => r != replica).Sum(r => r.Traffic.Answers) >= LeastMissed * (now.Replicas.Count - 1)
            && !LongConnections.Hold(now, replica);
    }

    private static Candidate PortTaken(Observation now, ObservedReplica replica) => new(
        FindingIds.NoTrafficPortTaken,
        FindingSeverity.Critical,
        [replica.Name],
        $"{replica.Name} gets no traffic: another program has its port, and gets it instead",
        "That program took the port while the replica was down, or the gateway's upstream has the wrong address.",
        [Probe(now, replica), Traffic(now, replica)],
        [
            "Find the program that listens on the port (ss -ltnp), and end it: the replica can start then.",
            "Compare the port with the one in the gateway's upstream.",
        ]);

    private static Candidate Refused(Observation now, ObservedReplica replica) => new(
        FindingIds.NoTrafficRefused,
        Severity(now),
        [replica.Name],
        $"{replica.Name} gets no traffic: nobody listens on its port",
        "Its process is not running, has not opened its port yet, listens on another port or address, or a firewall refuses the connection.",
        [Probe(now, replica), Traffic(now, replica)],
        [
            "Look whether the process runs, and at the end of its log: start it again if it was stopped.",
            "If it runs, compare the port it listens on with the one in the gateway's upstream.",
            "If both agree, look at the firewall between them.",
        ]);

    private static Candidate NotReady(Observation now, ObservedReplica replica)
    {
        var unwell = replica.Health.UnwellDependencies;
        var what = unwell.Count > 0 ? Words.List([.. unwell.Keys.Order(StringComparer.Ordinal)]) : "a critical dependency";
        return new(
            FindingIds.NoTrafficNotReady,
            Severity(now),
            [replica.Name],
            $"{replica.Name} gets no traffic: it is not ready",
            $"It runs, but says that it cannot serve without {what}. Other replicas can, so the way from this one to it is broken, or its settings differ.",
            [Probe(now, replica), .. unwell.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"/health/ready says of {d.Key}: {d.Value}."), Traffic(now, replica)],
            [
                $"Compare its connection settings for {what} with those of a replica that is ready.",
                $"Try to reach {what} from where {replica.Name} runs.",
            ]);
    }

    private static Candidate FailingProbes(Observation now, ObservedReplica replica) => new(
        FindingIds.NoTrafficFailingProbes,
        Severity(now),
        [replica.Name],
        $"{replica.Name} gets no traffic: its health probes fail",
        "It takes connections and does not answer in time: its process is suspended, deadlocked, out of threads or memory, or starved of a processor.",
        [Probe(now, replica), $"{Words.Count(replica.Health.Liveness.Failed, "probe")} of {now.Policy.Health.Liveness.Path} failed within {Words.Time(now.Window)}.", Traffic(now, replica)],
        [
            "Take a dump of the process if you want to know why, then restart it: the supervisor does so by itself after some misses.",
            "Look at the machine's memory and processor use.",
        ]);

    private static Candidate Drained(Observation now, ObservedReplica replica) => new(
        FindingIds.NoTrafficDrained,
        now.Replicas.Any(r => r.IsServing) ? FindingSeverity.Notice : FindingSeverity.Critical,
        [replica.Name],
        $"{replica.Name} gets no traffic: it is drained",
        "Someone asked it to send its traffic elsewhere (Drain on the dashboard, PUT /drain), or it was told to stop.",
        [replica.Health.Reason is null ? $"{replica.Name} says that it is draining." : Probe(now, replica), Traffic(now, replica)],
        ["Resume it on the dashboard, or DELETE /drain on its management port, when it shall serve again."]);

    private static Candidate NotInUpstream(Observation now, ObservedReplica replica) => new(
        FindingIds.NoTrafficNotInUpstream,
        FindingSeverity.Warning,
        [replica.Name],
        $"{replica.Name} gets no traffic: the gateway does not ask it",
        "It is ready, and the gateway asks the others but never this one: it is missing in the gateway's upstream, is marked down there, or stands there with another address.",
        [
            $"{replica.Name} has been ready for {Words.Time(now.Time - replica.Health.Since)}.",
            $"Within {Words.Time(now.Window)} the gateway made no attempt at it, and got {Words.Count(now.Replicas.Sum(r => r.Traffic.Answers), "answer")} from the others.",
        ],
        [
            $"Compare the servers of the gateway's upstream {now.Policy.Upstream.Name} with the address that {replica.Name} listens on.",
            "Configuration is read when the gateway starts: restart it after a change.",
        ]);

    private static FindingSeverity Severity(Observation now) => now.Replicas.Any(r => r.IsServing) ? FindingSeverity.Warning : FindingSeverity.Critical;

    private static string Probe(Observation now, ObservedReplica replica)
        => $"The probes say: {replica.Health.Reason ?? "no reason"}, for {Words.Time(now.Time - replica.Health.Since)}.";

    private static string Traffic(Observation now, ObservedReplica replica) => now.RecentRequests == 0
        ? "The gateway has had no requests lately."
        : $"Of the gateway's last {Words.Count(now.RecentRequests, "request")} it answered {replica.Recent.Answers}; {Words.Count(replica.Recent.Failures.Total, "attempt")} at it failed"
            + (replica.Recent.Failures.Total > 0 ? $" ({Words.Kinds(replica.Recent.Failures)})." : ".");
}
