using NeuroCred.Monitor.Diagnostics;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Tests.Monitor.Diagnostics;

public sealed class UnevenDistributionTests
{
    private static ObservationBuilder Short(long answers = 40) =>
        new ObservationBuilder().Traffic("api-2", t => t with { Answers = answers, Attempts = answers });

    [Fact]
    public void A_slow_replica_that_gets_less_is_told_as_slow()
    {
        var found = Assert.Single(Short().Slow("api-2", 60, 58, 40).Judge());

        Assert.Equal(FindingIds.UnevenSlowReplica, found.Id);
        Assert.Equal(["api-2"], found.Replicas);
        Assert.Contains(
            found.Evidence,
            e => e.Contains("60 ms", StringComparison.Ordinal) && e.Contains("3.0 ms", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_replica_that_is_slow_now_and_then_is_slow_too() =>
        Assert.Equal([FindingIds.UnevenSlowReplica], Short().Traffic("api-2", t => t with { Response = new(40, 3, 80, 90, 95) }).Ids());

    [Fact]
    public void A_slow_replica_with_an_even_share_does_no_harm_to_distribution() =>
        Assert.Empty(new ObservationBuilder().Slow("api-2", 60, 58).Ids());

    [Fact]
    public void Two_thirds_of_a_share_are_even_enough() => Assert.Empty(Short(63).Slow("api-2", 60, 58, 63).Ids());

    [Fact]
    public void A_share_that_is_short_by_chance_is_even() =>
        Assert.Empty(
            new ObservationBuilder()
                .Slow("api-2", 60, 58)
                .Traffic("api-1", t => t with { Answers = 20 })
                .Traffic("api-2", t => t with { Answers = 8 })
                .Traffic("api-3", t => t with { Answers = 20 })
                .Ids()
        );

    [Theory]
    [InlineData(11, 600)]
    [InlineData(600, 11)]
    public void A_replica_that_has_just_come_back_or_whose_process_has_just_been_replaced_is_not_compared(int since, int started) =>
        Assert.Empty(
            Short()
                .Slow("api-2", 60, 58, 40)
                .Health(
                    "api-2",
                    h => h with { Since = ObservationBuilder.Now.AddSeconds(-since), Started = ObservationBuilder.Now.AddSeconds(-started) }
                )
                .Ids()
        );

    [Fact]
    public void A_slow_replica_that_makes_the_system_slow_is_still_told_once() =>
        Assert.Equal([FindingIds.UnevenSlowReplica], Short().Slow("api-2", 300, 298, 40).Ids());

    [Fact]
    public void A_replica_that_is_slow_for_a_known_reason_is_told_with_that_reason() =>
        Assert.Equal([FindingIds.LatencyNetwork], Short().Slow("api-2", 300, 5, 40).Ids());

    [Fact]
    public void A_replica_that_holds_many_WebSockets_is_told_as_that()
    {
        var found = Assert.Single(Short(10).Server("api-2", s => s with { LiveConnections = 30 }).Judge());

        Assert.Equal((FindingIds.UnevenLongConnections, FindingSeverity.Notice), (found.Id, found.Severity));
        Assert.Contains(found.Evidence, e => e.Contains("30 WebSockets", StringComparison.Ordinal));
    }

    [Fact]
    public void One_that_holds_so_many_that_it_gets_nothing_new_is_not_taken_for_missing_in_the_upstream() =>
        Assert.Equal(
            [FindingIds.UnevenLongConnections],
            new ObservationBuilder().Silent("api-2").Server("api-2", s => s with { LiveConnections = 30 }).Ids()
        );

    [Fact]
    public void WebSockets_that_all_hold_alike_explain_nothing() =>
        Assert.Empty(Short().Servers(s => s with { LiveConnections = 30 }).Ids());

    [Theory]
    [InlineData(BalancingAlgorithm.IpHash, "ip_hash")]
    [InlineData(BalancingAlgorithm.CookieHash, "cookie_hash")]
    public void With_affinity_clients_stay_where_they_are(BalancingAlgorithm algorithm, string name)
    {
        var found = Assert.Single(
            new ObservationBuilder()
                .Traffic("api-1", t => t with { Answers = 280, Attempts = 280 })
                .Traffic("api-2", t => t with { Answers = 10, Attempts = 10 })
                .Traffic("api-3", t => t with { Answers = 10, Attempts = 10 })
                .Policy(p => p with { Algorithm = algorithm })
                .Judge()
        );

        Assert.Equal(FindingIds.UnevenAffinity, found.Id);
        Assert.Contains(name, found.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Affinity_that_spreads_evenly_is_well() =>
        Assert.Empty(new ObservationBuilder().Policy(p => p with { Algorithm = BalancingAlgorithm.CookieHash }).Ids());

    [Fact]
    public void A_replica_that_fails_much_and_answers_less_is_told_as_failing_and_not_as_retries()
    {
        var found = Assert.Single(
            new ObservationBuilder()
                .Traffic("api-2", t => t with { Answers = 50, Attempts = 100, Failures = new(0, 0, 50, 0), Failovers = 50 })
                .Judge()
        );

        Assert.Equal((FindingIds.UnevenFailingReplica, FindingSeverity.Warning), (found.Id, found.Severity));
        Assert.Contains(found.Evidence, e => e.Contains("50 × reset", StringComparison.Ordinal));
    }

    [Fact]
    public void A_replica_whose_errors_reach_clients_is_critical() =>
        Assert.Equal(
            FindingSeverity.Critical,
            Assert.Single(new ObservationBuilder().Traffic("api-2", t => t with { Failures = new(0, 0, 0, 50) }).Judge()).Severity
        );

    [Fact]
    public void A_replica_that_fails_as_often_as_the_others_is_not_the_one() =>
        Assert.DoesNotContain(
            FindingIds.UnevenFailingReplica,
            new ObservationBuilder().All(r => r with { Traffic = r.Traffic with { Failures = new(0, 0, 30, 0), Failovers = 30 } }).Ids()
        );

    [Fact]
    public void Two_replicas_that_are_slow_have_a_finding_each()
    {
        var found = new ObservationBuilder("api-1", "api-2", "api-3", "api-4", "api-5")
            .Traffic("api-2", t => t with { Answers = 40 })
            .Traffic("api-4", t => t with { Answers = 40 })
            .Slow("api-2", 60, 58, 40)
            .Slow("api-4", 60, 58, 40)
            .Judge();

        Assert.Equal(["api-2", "api-4"], found.SelectMany(f => f.Replicas));
        Assert.Equal(2, found.Select(f => f.Key).Distinct().Count());
    }
}
