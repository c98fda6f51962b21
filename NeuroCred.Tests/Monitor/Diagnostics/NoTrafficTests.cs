using NeuroCred.Monitor.Diagnostics;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Tests.Monitor.Diagnostics;

public sealed class NoTrafficTests
{
    [Fact]
    public void When_all_is_well_nothing_is_found() => Assert.Empty(new ObservationBuilder().Ids());

    [Fact]
    public void A_replica_that_refuses_is_told_as_that_and_its_retries_are_explained_by_it()
    {
        var found = Assert.Single(
            new ObservationBuilder().State("api-2", ReplicaState.Down, "connection refused").Silent("api-2", 40, new(40, 0, 0, 0)).Judge()
        );

        Assert.Equal((FindingIds.NoTrafficRefused, FindingSeverity.Warning), (found.Id, found.Severity));
        Assert.Equal(["api-2"], found.Replicas);
        Assert.Contains(found.Evidence, e => e.Contains("connection refused", StringComparison.Ordinal));
        Assert.Contains(found.Evidence, e => e.Contains("40 × refused", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_program_on_a_replicas_port_is_critical_whatever_it_answers()
    {
        var found = Assert.Single(
            new ObservationBuilder()
                .State("api-2", ReplicaState.Down, "'api-3' answers on its port")
                .Health("api-2", h => h with { IsPortTaken = true })
                .Judge()
        );

        Assert.Equal((FindingIds.NoTrafficPortTaken, FindingSeverity.Critical), (found.Id, found.Severity));
        Assert.Contains(found.Evidence, e => e.Contains("'api-3' answers on its port", StringComparison.Ordinal));
    }

    [Fact]
    public void A_replica_that_refuses_is_told_without_any_requests_too() =>
        Assert.Equal(
            [FindingIds.NoTrafficRefused],
            new ObservationBuilder()
                .State("api-1", ReplicaState.Down, "connection refused")
                .Silent("api-1")
                .Silent("api-2")
                .Silent("api-3")
                .Ids()
        );

    [Theory]
    [InlineData(9, false)]
    [InlineData(11, true)]
    public void A_replica_that_never_listened_may_still_be_starting(int seconds, bool isTold)
    {
        var found = new ObservationBuilder()
            .State("api-2", ReplicaState.Down, "connection refused")
            .Silent("api-2")
            .Health("api-2", h => h with { Started = null, Since = ObservationBuilder.Now.AddSeconds(-seconds) })
            .Ids();

        Assert.Equal(isTold ? [FindingIds.NoTrafficRefused] : [], found);
    }

    [Fact]
    public void When_no_replica_serves_it_is_critical()
    {
        var found = new ObservationBuilder()
            .States(ReplicaState.Down, "connection refused")
            .Silent("api-1")
            .Silent("api-2")
            .Silent("api-3")
            .Judge();

        Assert.All(found, f => Assert.Equal((FindingIds.NoTrafficRefused, FindingSeverity.Critical), (f.Id, f.Severity)));
        Assert.Equal(3, found.Count);
    }

    [Fact]
    public void One_replica_that_is_not_ready_is_told_with_what_it_misses()
    {
        var found = Assert.Single(
            new ObservationBuilder()
                .State("api-3", ReplicaState.NotReady, "503: database", ("database", "no answer within 1000 ms"))
                .Silent("api-3", 30, new(0, 0, 0, 30))
                .Judge()
        );

        Assert.Equal(FindingIds.NoTrafficNotReady, found.Id);
        Assert.Contains("database", found.Cause, StringComparison.Ordinal);
        Assert.Contains(found.Evidence, e => e.Contains("no answer within 1000 ms", StringComparison.Ordinal));
    }

    [Fact]
    public void One_that_is_not_ready_and_answers_all_the_same_gets_traffic() =>
        Assert.DoesNotContain(
            FindingIds.NoTrafficNotReady,
            new ObservationBuilder().State("api-3", ReplicaState.NotReady, "503: database").Ids()
        );

    [Fact]
    public void A_hung_replica_is_told_by_its_probes_and_explains_slow_requests() =>
        Assert.Equal(
            [FindingIds.NoTrafficFailingProbes],
            new ObservationBuilder()
                .State("api-2", ReplicaState.Hung, "no answer within 500 ms")
                .Silent("api-2", 12, new(0, 0, 12, 0))
                .Methods(("GET", ObservationBuilder.Latency(3000)))
                .Ids()
        );

    [Fact]
    public void A_drained_replica_is_a_notice()
    {
        var found = Assert.Single(
            new ObservationBuilder().State("api-2", ReplicaState.Draining, "draining").Silent("api-2", 80, new(0, 0, 0, 80)).Judge()
        );

        Assert.Equal((FindingIds.NoTrafficDrained, FindingSeverity.Notice), (found.Id, found.Severity));
    }

    [Fact]
    public void A_drain_that_the_probes_have_not_met_yet_is_known_from_the_metrics() =>
        Assert.Equal(
            [FindingIds.NoTrafficDrained],
            new ObservationBuilder().Silent("api-2", 80, new(0, 0, 0, 80)).Server("api-2", s => s with { Draining = true }).Ids()
        );

    [Fact]
    public void A_ready_replica_that_is_never_asked_is_not_in_the_upstream() =>
        Assert.Equal([FindingIds.NoTrafficNotInUpstream], new ObservationBuilder().Silent("api-3").Ids());

    [Fact]
    public void The_only_replica_is_not_missed_when_nobody_asks() => Assert.Empty(new ObservationBuilder("api-1").Silent("api-1").Ids());

    [Fact]
    public void A_replica_that_has_been_ready_for_a_moment_only_is_not_missed_yet() =>
        Assert.Empty(
            new ObservationBuilder().Silent("api-3").Health("api-3", h => h with { Since = ObservationBuilder.Now.AddSeconds(-9) }).Ids()
        );

    [Fact]
    public void A_replica_that_the_gateway_leaves_alone_after_failures_is_not_missed_yet()
    {
        var system = new ObservationBuilder()
            .Silent("api-3")
            .Health("api-3", h => h with { Since = ObservationBuilder.Now.AddSeconds(-34) })
            .Policy(p =>
                p with
                {
                    Failures = new() { MaxFails = 3, FailTimeout = TimeSpan.FromSeconds(30) },
                }
            );

        Assert.Empty(system.Ids());
        Assert.Equal(
            [FindingIds.NoTrafficNotInUpstream],
            system.Health("api-3", h => h with { Since = ObservationBuilder.Now.AddSeconds(-36) }).Ids()
        );
    }

    [Fact]
    public void With_too_few_requests_nobody_is_missed() =>
        Assert.Empty(
            new ObservationBuilder()
                .Silent("api-3")
                .Traffic("api-1", t => t with { Answers = 9, Attempts = 9 })
                .Traffic("api-2", t => t with { Answers = 10, Attempts = 10 })
                .Ids()
        );

    [Fact]
    public void With_affinity_a_replica_may_be_without_clients_and_that_is_told_as_affinity() =>
        Assert.Equal(
            [FindingIds.UnevenAffinity],
            new ObservationBuilder().Silent("api-3").Policy(p => p with { Algorithm = BalancingAlgorithm.IpHash }).Ids()
        );
}
