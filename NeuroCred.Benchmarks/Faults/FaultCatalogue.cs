using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>The rows of the report.</summary>
internal static class FaultCatalogue
{
    /// <summary>The fault that is none.</summary>
    public const string Steady = "steady";

    /// <summary>All faults, in the order of the report.</summary>
    /// <param name="kills">How often a replica is killed.</param>
    /// <param name="quick">Shorter: to try the benchmark, not to publish its numbers.</param>
    public static IReadOnlyList<Fault> Create(int kills, bool quick)
    {
        var factor = quick ? 0.4 : 1;
        TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds * factor);
        var (freeze, hang, timeout) = (Seconds(5), Seconds(16), OpenLoopClient.RequestTimeout.TotalSeconds);

        return
        [
            new(Steady, "Nothing happens", "The three replicas are well.", Seconds(8), (s, _) => new NoFault(s), ShowsDistribution: true),
            new(
                "slow10",
                "One replica 10 x slower",
                "One replica takes 10 times the median of its answers.",
                Seconds(8),
                (s, _) => new Misbehaving(s, median => Misbehaviours.AnswerLate(9 * median)),
                ShowsDistribution: true
            ),
            new(
                "slow100",
                "One replica 100 x slower",
                "One replica takes 100 times the median of its answers.",
                Seconds(8),
                (s, _) => new Misbehaving(s, median => Misbehaviours.AnswerLate(99 * median)),
                ShowsDistribution: true
            ),
            new(
                "kill",
                "One replica killed",
                $"kill -9 of one replica after another, {kills} times.",
                TimeSpan.FromSeconds(3.5),
                (s, i) => new Killed(s, SystemUnderTest.Replicas[i % SystemUnderTest.Replicas.Count]),
                Repetitions: kills
            ),
            new("two", "Two of three killed at once", "kill -9 of two replicas.", Seconds(5), (s, _) => new Killed(s, "api-1", "api-3")),
            new(
                "hang",
                "One replica hangs",
                $"SIGSTOP of one replica; SIGCONT {hang.TotalSeconds:0} s later, if it is still there. Clients wait for {timeout:0} s.",
                TimeSpan.Zero,
                (s, _) => new Frozen(s, "api-2", hang)
            ),
            new(
                "mute",
                "One accepts and never answers",
                "One replica accepts connections and requests, and never answers.",
                Seconds(6),
                (s, _) => new Misbehaving(s, _ => Misbehaviours.NeverAnswerAsync)
            ),
            new(
                "garbage",
                "One answers a broken header",
                "One replica answers an HTTP response whose header is garbage.",
                Seconds(4),
                (s, _) => new Misbehaving(s, _ => Misbehaviours.AnswerGarbage(Misbehaviours.BrokenHeader))
            ),
            new(
                "protocol",
                "One answers another protocol",
                "One replica answers bytes that do not even begin like HTTP. nginx takes them for HTTP/0.9 and passes them on.",
                Seconds(4),
                (s, _) => new Misbehaving(s, _ => Misbehaviours.AnswerGarbage(Misbehaviours.OtherProtocol))
            ),
            new(
                "reset",
                "One resets before a response",
                "One replica does what it is asked, then resets the connection without a response.",
                Seconds(4),
                (s, _) => new Misbehaving(s, _ => Misbehaviours.ResetBeforeResponseAsync)
            ),
            new(
                "midreset",
                "One resets in the middle of responses",
                "For one second, one replica does what it is asked, then resets the connection halfway through the response. "
                    + "The client has seen the first half: no gateway can take it back.",
                Seconds(4),
                (s, _) => new Misbehaving(s, _ => Misbehaviours.ResetInResponseAsync, TimeSpan.FromSeconds(1))
            ),
            new(
                "rolling",
                "Rolling restart",
                "SIGTERM and a new start of one replica after the other.",
                Seconds(2),
                (s, _) => new Restarted(s, SystemUnderTest.Replicas)
            ),
            new("redis-killed", "Redis killed", "kill -9 of Redis.", Seconds(4), (s, _) => new Killed(s, "redis")),
            new(
                "redis-frozen",
                "Redis frozen",
                $"SIGSTOP of Redis for {freeze.TotalSeconds:0} s.",
                Seconds(3),
                (s, _) => new Frozen(s, "redis", freeze)
            ),
            new(
                "postgres-restarted",
                "Postgres restarted",
                "SIGTERM and a new start of Postgres.",
                Seconds(6),
                (s, _) => new Restarted(s, "postgres"),
                ShowsHolding: true,
                ShowsReturn: true
            ),
            new(
                "postgres-frozen",
                "Postgres frozen",
                $"SIGSTOP of Postgres for {freeze.TotalSeconds:0} s.",
                Seconds(6),
                (s, _) => new Frozen(s, "postgres", freeze),
                ShowsHolding: true,
                ShowsReturn: true
            ),
            new(
                "primary",
                "Postgres's primary lost",
                "The replicas use two Postgres servers: a primary, and a standby that must have stored what is acknowledged. kill -9 "
                    + "of the primary; "
                    + $"the standby is promoted {PrimaryLost.Promotion.TotalSeconds:0} s later, as Patroni or CloudNativePG would. "
                    + "Writes are looked up on the promoted server. All replicas have the same connection string, which names both "
                    + "servers: the contestants differ in the gateway.",
                Seconds(6),
                (s, _) => new PrimaryLost(s),
                ShowsHolding: true
            ),
            new(
                "cut",
                "One replica cut off from Postgres",
                "The connections of one replica to Postgres are reset, and new ones refused.",
                Seconds(6),
                (s, _) => new CutOff(s, isSilent: false),
                ShowsHolding: true
            ),
            new(
                "cut-silent",
                "The same, silent",
                "Nothing passes any more between one replica and Postgres, and no connection ends.",
                Seconds(6),
                (s, _) => new CutOff(s, isSilent: true),
                ShowsHolding: true
            ),
            new(
                "all",
                "All replicas killed",
                "kill -9 of all three replicas.",
                Seconds(7),
                (s, _) => new Killed(s, SystemUnderTest.Replicas),
                ShowsHolding: true
            ),
            new(
                "burst",
                $"{Burst.Clients:#,0} writes at once",
                $"{Burst.Clients:#,0} clients connect and write at the same moment, each for a wallet of its own. Their requests are "
                    + "counted too.",
                Seconds(6),
                (s, _) => new Burst(s)
            ),
            new(
                "locked",
                "One wallet locked",
                $"Somebody holds the lock of one wallet in Postgres for {freeze.TotalSeconds:0} s, while {WalletLocked.Clients} clients "
                    + "compute scores of it. Counted are the requests of the usual clients, for other wallets.",
                Seconds(2),
                (s, _) => new WalletLocked(s, freeze)
            ),
            new(
                "slow-bodies",
                "Slow bodies from another address",
                $"Another address opens {SlowClient.ManyConnections:#,0} connections, begins a POST without a key on each, and "
                    + "sends a byte of "
                    + "its body every 3 s. Counted are the requests of the usual clients. What a gateway ends is not opened again.",
                Seconds(8),
                (s, _) => new SlowBodies(s)
            ),
            new(
                "gateway",
                "The gateway killed",
                "kill -9 of the gateway. Measured where something starts it again.",
                Seconds(6),
                (s, _) => new Killed(s, "gateway"),
                NeedsSupervisor: true
            ),
            new(
                "gateway-hung",
                "The gateway hangs",
                "SIGSTOP of all processes of the gateway. Measured where something sees it: behind the others all clients would wait "
                    + "until somebody acts. A service manager starts again what ended, and does not see what hangs.",
                Seconds(2),
                (s, _) => new Frozen(s, "gateway", Seconds(10)),
                NeedsSupervisor: true
            ),
        ];
    }
}
