using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>The rows of the report.</summary>
internal static class FaultCatalogue
{
    /// <summary>All faults, in the order of the report.</summary>
    /// <param name="kills">How often a replica is killed.</param>
    /// <param name="quick">Shorter: to try the benchmark, not to publish its numbers.</param>
    public static IReadOnlyList<Fault> Create(int kills, bool quick)
    {
        var factor = quick ? 0.4 : 1;
        TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds * factor);
        var freeze = Seconds(5);

        return
        [
            new("steady", "Nothing happens", "The three replicas are well.", Seconds(15), (s, _) => new NoFault(s)) { ShowsDistribution = true },
            new("slow10", "One replica 10 x slower", "One replica takes 10 times the median of its answers.", Seconds(15),
                (s, _) => new Misbehaving(s, median => new AnswersLate(9 * median))) { ShowsDistribution = true },
            new("slow100", "One replica 100 x slower", "One replica takes 100 times the median of its answers.", Seconds(15),
                (s, _) => new Misbehaving(s, median => new AnswersLate(99 * median))) { ShowsDistribution = true },
            new("kill", $"One replica killed, {kills} times", "kill -9 of one replica after another.", TimeSpan.FromSeconds(3.5),
                (s, i) => new Killed(s, SystemUnderTest.Replicas[i % SystemUnderTest.Replicas.Count])) { Repetitions = kills },
            new("two", "Two of three killed at once", "kill -9 of two replicas.", Seconds(8), (s, _) => new Killed(s, "api-1", "api-3")),
            new("hang", "One replica hangs", "SIGSTOP of one replica; SIGCONT 30 s later, if it is still there.", TimeSpan.Zero,
                (s, _) => new Frozen(s, "api-2", Seconds(30))),
            new("mute", "One accepts and never answers", "One replica accepts connections and requests, and never answers.", Seconds(12),
                (s, _) => new Misbehaving(s, _ => new NeverAnswers())),
            new("garbage", "One answers a broken header", "One replica answers an HTTP response whose header is garbage.", Seconds(12),
                (s, _) => new Misbehaving(s, _ => new AnswersGarbage(AnswersGarbage.BrokenHeader))),
            new("protocol", "One answers another protocol", "One replica answers bytes that do not even begin like HTTP. nginx takes them for HTTP/0.9 and passes them on.",
                Seconds(12), (s, _) => new Misbehaving(s, _ => new AnswersGarbage(AnswersGarbage.OtherProtocol))),
            new("reset", "One resets before a response", "One replica does what it is asked, then resets the connection without a response.", Seconds(12),
                (s, _) => new Misbehaving(s, _ => new ResetsBeforeResponse())),
            new("midreset", "One resets in the middle of responses", "For one second, one replica does what it is asked, then resets the connection halfway through the response. "
                + "The client has seen the first half: no gateway can take it back.", Seconds(8),
                (s, _) => new Misbehaving(s, _ => new ResetsInResponse(), TimeSpan.FromSeconds(1))),
            new("rolling", "Rolling restart", "SIGTERM and a new start of one replica after the other.", Seconds(2), (s, _) => new Restarted(s, SystemUnderTest.Replicas)),
            new("redis-killed", "Redis killed", "kill -9 of Redis.", Seconds(8), (s, _) => new Killed(s, "redis")),
            new("redis-frozen", "Redis frozen", "SIGSTOP of Redis for 5 s.", Seconds(5), (s, _) => new Frozen(s, "redis", freeze)),
            new("postgres-restarted", "Postgres restarted", "SIGTERM and a new start of Postgres.", Seconds(8), (s, _) => new Restarted(s, "postgres")),
            new("postgres-frozen", "Postgres frozen", "SIGSTOP of Postgres for 5 s.", Seconds(8), (s, _) => new Frozen(s, "postgres", freeze)),
            new("cut", "One replica cut off from Postgres", "The connections of one replica to Postgres are reset, and new ones refused.", Seconds(12), (s, _) => new CutOff(s, isSilent: false)),
            new("cut-silent", "The same, silent", "Nothing passes any more between one replica and Postgres, and no connection ends.", Seconds(12), (s, _) => new CutOff(s, isSilent: true)),
            new("all", "All replicas killed", "kill -9 of all three replicas.", Seconds(10), (s, _) => new Killed(s, SystemUnderTest.Replicas)),
            new("gateway", "The gateway killed", "kill -9 of the gateway. Measured where something starts it again.", Seconds(8), (s, _) => new Killed(s, "gateway")) { NeedsSupervisor = true },
        ];
    }
}
