using NeuroCred.Monitor.Diagnostics;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Tests.Monitor.Diagnostics;

public sealed class RetriesAndDependenciesTests
{
    private static ObservationBuilder Failing(long failures, long of = 100) =>
        new ObservationBuilder().Traffic(
            "api-2",
            t => t with { Answers = of - failures, Attempts = of, Failures = new(0, failures, 0, 0), Failovers = failures }
        );

    [Fact]
    public void Attempts_that_fail_more_than_before_are_told_with_the_replica_and_the_kind()
    {
        var found = Assert.Single(Failing(10).Judge());

        Assert.Equal((FindingIds.RetriesRising, FindingSeverity.Notice), (found.Id, found.Severity));
        Assert.Equal(["api-2"], found.Replicas);
        Assert.Contains("no answer comes in time", found.Cause, StringComparison.Ordinal);
        Assert.Contains("10 retries in 290 requests", found.Evidence[0], StringComparison.Ordinal);
        Assert.Contains("before, 0 %", found.Evidence[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_few_are_no_rise() => Assert.Empty(Failing(4).Ids());

    [Fact]
    public void Fewer_than_one_in_a_hundred_are_no_rise() =>
        Assert.Empty(
            Failing(8, of: 300).Traffic("api-1", t => t with { Answers = 300 }).Traffic("api-3", t => t with { Answers = 300 }).Ids()
        );

    [Fact]
    public void As_many_as_before_are_no_rise()
    {
        Assert.Empty(Failing(10).With(m => m with { UsualFailoverRatio = 0.02 }).Ids());
        Assert.Equal([FindingIds.RetriesRising], Failing(10).With(m => m with { UsualFailoverRatio = 0.017 }).Ids());
    }

    [Fact]
    public void Attempts_that_failed_while_a_replica_was_away_are_explained_by_that() =>
        Assert.Empty(Failing(10).Health("api-2", h => h with { Started = ObservationBuilder.Now.AddSeconds(-4) }).Ids());

    [Fact]
    public void All_replicas_that_miss_the_same_dependency_are_one_finding_that_names_it()
    {
        var found = Assert.Single(Down(("database", "no answer within 1000 ms")).Judge());

        Assert.Equal((FindingIds.SharedDependency, FindingSeverity.Critical), (found.Id, found.Severity));
        Assert.Contains("database", found.Title, StringComparison.Ordinal);
        Assert.Equal(3, found.Evidence.Count(e => e.Contains("no answer within 1000 ms", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("database", "All replicas fail: they cannot use database")]
    [InlineData(null, "All replicas fail: they cannot use the API keys in Postgres")]
    public void The_check_of_API_keys_is_named_only_if_nothing_else_is_at_fault(string? other, string title)
    {
        (string, string)[] others = other is null ? [] : [(other, "refused")];

        var found = Assert.Single(Down([("api-keys", "were never read"), .. others]).Judge());

        Assert.Equal(title, found.Title);
        Assert.Equal(other is null, found.Cause.Contains("api-keys", StringComparison.Ordinal));
    }

    [Fact]
    public void A_database_that_refuses_writes_is_shown_in_its_own_words_while_reads_go_on()
    {
        const string words = "53100 could not extend file: No space left on device";
        var system = new ObservationBuilder()
            .All(r => r with { Recent = r.Recent with { Failures = new(0, 0, 0, 3) } })
            .States(ReplicaState.Degraded, "database", ("database", $"degraded: Postgres refuses requests: {words}"));

        var found = Assert.Single(system.Judge(), f => f.Id == FindingIds.SharedDependency);

        Assert.Equal("Requests fail at all replicas: database refuses them", found.Title);
        Assert.Contains(words, found.Cause, StringComparison.Ordinal);
        Assert.Equal(3, found.Evidence.Count(e => e.Contains(words, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_cache_that_is_missed_without_an_error_is_no_finding() =>
        Assert.DoesNotContain(
            FindingIds.SharedDependency,
            new ObservationBuilder().States(ReplicaState.Degraded, "redis", ("redis", "degraded: no answer")).Ids()
        );

    [Fact]
    public void What_only_one_replica_misses_beside_it_is_not_named() =>
        Assert.DoesNotContain(
            "redis",
            Assert
                .Single(
                    Down(("database", "refused"))
                        .State("api-1", ReplicaState.NotReady, "503", ("database", "refused"), ("redis", "slow"))
                        .Judge()
                )
                .Title,
            StringComparison.Ordinal
        );

    [Fact]
    public void All_replicas_that_answer_with_errors_are_one_finding_before_the_probes_know_more()
    {
        var found = Assert.Single(new ObservationBuilder().All(Erring).Judge());

        Assert.Equal(FindingIds.SharedDependency, found.Id);
        Assert.Contains("does not name it", found.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void As_long_as_one_replica_serves_it_is_not_shared() =>
        Assert.Equal(
            [FindingIds.NoTrafficNotReady, FindingIds.NoTrafficNotReady],
            new ObservationBuilder()
                .State("api-1", ReplicaState.NotReady, "503: database")
                .Silent("api-1")
                .State("api-2", ReplicaState.NotReady, "503: database")
                .Silent("api-2")
                .Ids()
        );

    [Fact]
    public void A_replica_that_is_gone_meanwhile_is_told_beside_it() =>
        Assert.Equal(
            [FindingIds.SharedDependency, FindingIds.NoTrafficRefused],
            Down(("database", "refused"))
                .State("api-3", ReplicaState.Down, "connection refused")
                .Silent("api-3", 20, new(20, 0, 0, 0))
                .Ids()
        );

    [Fact]
    public void Errors_of_a_few_requests_are_not_shared() =>
        Assert.DoesNotContain(
            FindingIds.SharedDependency,
            new ObservationBuilder().All(r => Erring(r) with { Recent = r.Recent with { Failures = new(0, 0, 0, 20) } }).Ids()
        );

    private static ObservationBuilder Down(params (string, string)[] unhealthy) =>
        new ObservationBuilder().All(Erring).States(ReplicaState.NotReady, "503: database", unhealthy).SlowEverywhere(900, 890, s => s);

    private static ObservedReplica Erring(ObservedReplica replica) =>
        replica with
        {
            Traffic = replica.Traffic with { Failures = new(0, 0, 0, 95) },
            Recent = replica.Recent with { Failures = new(0, 0, 0, 48) },
        };
}
