using System.Text;
using NeuroCred.Monitor.Diagnostics;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Scraping;

namespace NeuroCred.Tests.Monitor.Diagnostics;

/// <summary>All texts of all findings, in each branch, in one file to read.</summary>
public sealed class FindingTextTests
{
    [Fact]
    public void Each_finding_has_a_text_that_was_read()
    {
        var text = new StringBuilder("# The texts of all findings\n\nWritten by FindingTextTests.\n");
        var found = Situations().Select(s => (s.Situation, Finding: Assert.Single(s.System.Judge()))).ToList();
        foreach (var (situation, finding) in found)
        {
            text.Append($"\n## {finding.Id}: {situation}\n\n**{finding.Title}** ({finding.Severity})\n\n{finding.Cause}\n\n");
            text.AppendJoin("", finding.Evidence.Select(e => $"- {e}\n")).Append('\n');
            text.AppendJoin("", finding.Actions.Select((a, i) => $"{i + 1}. {a}\n"));
        }

        Assert.Equal(FindingIds.All, found.Select(f => f.Finding.Id).Distinct());
        Snapshot.Matches(text.ToString(), "Monitor/Diagnostics/findings.txt");
    }

    // In the order of FindingIds.All.
    private static IEnumerable<(string Situation, ObservationBuilder System)> Situations() =>
        [
            ("nothing was served lately", Silent().All(r => r with { Recent = r.Recent with { Answers = 0, Attempts = 0 } })),
            ("it serves all the same", Silent()),
            (
                "the reason is told",
                System().With(o => o with { LogProblem = "Access to the path '/var/log/neurocred/access.log' is denied." })
            ),
            ("the replicas name it", NotReady("api-1", "api-2", "api-3")),
            ("no replica names it", System().All(r => r with { Recent = r.Recent with { Failures = new(0, 0, 0, 50) } })),
            ("replicas come and go", System().None()),
            (
                "another program answers",
                System()
                    .State("api-2", ReplicaState.Down, "'other' answers on its port")
                    .Silent("api-2")
                    .Health("api-2", h => h with { IsPortTaken = true })
            ),
            ("others serve", System().State("api-2", ReplicaState.Down, "connection refused").Silent("api-2", 40, new(40, 0, 0, 0))),
            ("others serve", NotReady("api-3").Silent("api-3", 30, new(0, 0, 0, 30))),
            (
                "it is the only one",
                new ObservationBuilder("api-3")
                    .State("api-3", ReplicaState.NotReady, "503: database", ("database", "no answer within 1000 ms"))
                    .Silent("api-3", 30, new(0, 0, 0, 30))
            ),
            ("others serve", System().State("api-2", ReplicaState.Hung, "no answer within 500 ms").Silent("api-2", 12, new(0, 0, 12, 0))),
            ("others serve", System().State("api-2", ReplicaState.Draining, "draining").Silent("api-2", 80, new(0, 0, 0, 80))),
            ("known from the metrics alone", System().Silent("api-2").Server("api-2", s => s with { Draining = true })),
            ("others are asked", System().Silent("api-3")),
            ("none failed", Held(failed: 0)),
            ("some failed", Held(failed: 2)),
            ("least_conn", Short(40).Slow("api-2", 60, 58, 40)),
            ("cookie_hash", Short(40).Slow("api-2", 60, 58, 40).Policy(p => p with { Algorithm = BalancingAlgorithm.CookieHash })),
            ("least_conn", Short(10).Server("api-2", s => s with { LiveConnections = 30 })),
            ("ip_hash", Affinity(BalancingAlgorithm.IpHash)),
            ("cookie_hash", Affinity(BalancingAlgorithm.CookieHash)),
            (
                "other replicas answer instead",
                System().Traffic("api-2", t => t with { Answers = 50, Attempts = 100, Failures = new(0, 0, 50, 0), Failovers = 50 })
            ),
            (
                "clients see the errors, and failed replicas are left alone",
                System()
                    .Traffic("api-2", t => t with { Failures = new(0, 0, 0, 50) })
                    .Policy(p => p with { Failures = new() { MaxFails = 3 } })
            ),
            ("all replicas", Slow(s => s with { PoolWaits = Most })),
            ("all replicas", Slow(s => s with { Sql = Most })),
            ("Redis lacks them", Slow(s => s with { Sql = Most, CacheHits = 10, CacheMisses = 80 })),
            ("Redis does not answer", Slow(s => s with { Sql = Most, CacheHits = 0, CacheMisses = 0, CacheUnavailable = 90 })),
            ("all replicas", Slow(s => s with { Redis = Most })),
            ("one replica", Short(40).Slow("api-2", 300, 5, 40).Traffic("api-2", t => t with { Connect = ObservationBuilder.Latency(30) })),
            ("all replicas", Slow(s => s with { QueueWaits = Most, QueuedRequests = 4 })),
            ("all replicas", Slow(s => s with { GcPauseSeconds = 5, GcCollections = 20 })),
            ("all replicas", Slow(s => s with { ThreadPoolQueue = 10, ThreadPoolItems = 1000 })),
            ("all replicas", Slow(s => s)),
            ("no metrics", Slow(s => s).All(r => r with { Server = null })),
            ("clients notice nothing", Retries()),
            ("requests fail for clients as well", Retries().With(o => o with { Gateway = o.Gateway with { Failed = 3 } })),
        ];

    private static DurationHistogram Most => ObservationBuilder.Durations(160, 100);

    private static ObservationBuilder System() => new();

    private static ObservationBuilder Silent() => System().With(o => o with { GatewaySilence = TimeSpan.FromSeconds(12) });

    private static ObservationBuilder NotReady(params string[] replicas) =>
        replicas.Aggregate(
            System(),
            (system, name) => system.State(name, ReplicaState.NotReady, "503: database", ("database", "no answer within 1000 ms"))
        );

    private static ObservationBuilder Short(long answers) =>
        System().Traffic("api-2", t => t with { Answers = answers, Attempts = answers });

    private static ObservationBuilder Slow(Func<ReplicaMetrics, ReplicaMetrics> change) => System().SlowEverywhere(200, 190, change);

    private static ObservationBuilder Held(long failed) =>
        System().With(o => o with { Gateway = o.Gateway with { Held = ObservationBuilder.Latency(2500, 7), HeldFailed = failed } });

    private static ObservationBuilder Affinity(BalancingAlgorithm algorithm) =>
        System()
            .Traffic("api-1", t => t with { Answers = 280, Attempts = 280 })
            .Traffic("api-2", t => t with { Answers = 10, Attempts = 10 })
            .Traffic("api-3", t => t with { Answers = 10, Attempts = 10 })
            .Policy(p => p with { Algorithm = algorithm });

    private static ObservationBuilder Retries() =>
        System().Traffic("api-2", t => t with { Answers = 90, Failures = new(0, 10, 0, 0), Failovers = 10 });
}
