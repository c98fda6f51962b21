using NeuroCred.Monitor.Diagnostics;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Scraping;
using static NeuroCred.Tests.Monitor.Diagnostics.ObservationBuilder;

namespace NeuroCred.Tests.Monitor.Diagnostics;

public sealed class HighLatencyTests
{
    public static TheoryData<string, string> Causes =>
        new()
        {
            { "pool", FindingIds.LatencyPoolWaits },
            { "sql", FindingIds.LatencySlowSql },
            { "cache", FindingIds.LatencyCacheMisses },
            { "redis", FindingIds.LatencyRedisSlow },
            { "network", FindingIds.LatencyNetwork },
            { "queue", FindingIds.LatencyQueueing },
            { "gc", FindingIds.LatencyGc },
            { "threads", FindingIds.LatencyThreadPool },
            { "own", FindingIds.LatencyReplica },
        };

    [Theory]
    [MemberData(nameof(Causes))]
    public void The_largest_part_of_the_time_is_the_cause(string part, string id)
    {
        var found = Assert.Single(With(part, 200).Judge());

        Assert.Equal((id, FindingSeverity.Warning), (found.Id, found.Severity));
        Assert.Equal(["api-1", "api-2", "api-3"], found.Replicas);
        Assert.NotEmpty(found.Actions);
        Assert.StartsWith("95 of 100 GET requests take up to 200 ms; the objective is 100 ms", found.Evidence[0], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Causes))]
    public void Below_the_objective_latency_is_not_high(string part, string id)
    {
        Assert.DoesNotContain(id, With(part, 99).Ids());
        Assert.Empty(With(part, 99).Ids());
    }

    [Theory]
    [MemberData(nameof(Causes))]
    public void Too_few_requests_say_nothing(string part, string id) =>
        Assert.DoesNotContain(id, With(part, 200).Methods(("GET", Latency(200, 19))).Ids());

    [Fact]
    public void A_slow_write_does_not_hide_behind_many_fast_reads() =>
        Assert.Equal(
            [FindingIds.LatencySlowSql],
            new ObservationBuilder()
                .All(r =>
                    r with
                    {
                        Traffic = r.Traffic with
                        {
                            Response = new(100, 3, 20, 300, 350),
                            ByMethod = new Dictionary<string, Latency> { ["GET"] = Latency(3, 93), ["POST"] = Latency(320, 7) },
                        },
                        Server = r.Server! with
                        {
                            Requests = Durations(3, 93).Plus(Durations(300, 7)),
                            Sql = Durations(0.5, 93).Plus(Durations(290, 7)),
                        },
                    }
                )
                .Methods(("GET", Latency(3, 290)), ("POST", Latency(320, 20)))
                .Ids()
        );

    [Fact]
    public void Slow_statements_that_fill_the_pool_are_told_as_slow_statements_until_waiting_takes_longer()
    {
        Assert.Equal([FindingIds.LatencySlowSql], Pool(waits: 80, sql: 110).Ids());
        Assert.Equal([FindingIds.LatencyPoolWaits], Pool(waits: 110, sql: 80).Ids());
    }

    [Fact]
    public void Pool_and_statements_together_outweigh_the_replicas_own_work() =>
        Assert.Equal([FindingIds.LatencySlowSql], Pool(waits: 50, sql: 60).Ids());

    [Fact]
    public void Slow_reads_of_which_the_cache_has_half_are_no_matter_of_the_cache() =>
        Assert.Equal([FindingIds.LatencySlowSql], With("cache", 200).Servers(s => s with { CacheHits = 50, CacheMisses = 50 }).Ids());

    [Fact]
    public void Slow_writes_are_no_matter_of_the_cache() =>
        Assert.Equal([FindingIds.LatencySlowSql], With("cache", 200).Methods(("POST", Latency(200))).Ids());

    [Fact]
    public void Few_questions_to_the_cache_say_nothing() =>
        Assert.Equal([FindingIds.LatencySlowSql], With("cache", 200).Servers(s => s with { CacheHits = 0, CacheMisses = 6 }).Ids());

    [Fact]
    public void A_cache_that_cannot_be_asked_is_told_as_that()
    {
        var found = Assert.Single(
            With("cache", 200).Servers(s => s with { CacheHits = 0, CacheMisses = 0, CacheUnavailable = 90 }).Judge()
        );

        Assert.Equal(FindingIds.LatencyCacheMisses, found.Id);
        Assert.Contains("Redis does not answer", found.Title, StringComparison.Ordinal);
        Assert.DoesNotContain(found.Actions, a => a.Contains("memory", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_quick_is_not_the_cause_of_what_is_slow_however_often_it_happens()
    {
        var found = new ObservationBuilder().All(r =>
            r with
            {
                Traffic = r.Traffic with { Response = new(100, 6, 250, 260, 270) },
                Server = r.Server! with
                {
                    Requests = Durations(4.5, 94).Plus(Durations(250, 6)),
                    Redis = Durations(4.5, 400),
                    Sql = Durations(240, 6),
                },
            }
        );

        Assert.Equal([FindingIds.LatencySlowSql], found.Ids());
    }

    [Fact]
    public void A_gap_between_gateway_and_replica_is_the_network_only_when_the_median_has_it_too() =>
        Assert.Equal(
            [FindingIds.LatencyReplica],
            new ObservationBuilder()
                .All(r =>
                    r with
                    {
                        Traffic = r.Traffic with { Response = new(100, 3, 200, 210, 220) },
                        Server = r.Server! with
                        {
                            Requests = Durations(2.4, 100),
                            Sql = Durations(0.1, 100),
                            Redis = DurationHistogram.Empty,
                        },
                    }
                )
                .Ids()
        );

    [Fact]
    public void Threads_that_are_missing_are_the_cause_though_the_gateway_waits_longer_than_the_replica_measures() =>
        Assert.Equal(
            [FindingIds.LatencyThreadPool],
            With("network", 200).Servers(s => s with { ThreadPoolQueue = 20, ThreadPoolItems = 2500 }).Ids()
        );

    [Fact]
    public void A_queue_of_a_pool_that_does_thousands_a_second_is_no_shortage_of_threads() =>
        Assert.Equal(
            [FindingIds.LatencySlowSql],
            With("sql", 200).Servers(s => s with { ThreadPoolQueue = 20, ThreadPoolItems = 100_000 }).Ids()
        );

    [Fact]
    public void Collections_that_take_less_than_a_tenth_of_the_time_are_not_the_cause() =>
        Assert.Equal([FindingIds.LatencySlowSql], With("sql", 200).Servers(s => s with { GcPauseSeconds = 0.9, GcCollections = 5 }).Ids());

    [Fact]
    public void Collections_make_statements_look_slow_and_are_the_cause_all_the_same() =>
        Assert.Equal([FindingIds.LatencyGc], With("sql", 200).Servers(s => s with { GcPauseSeconds = 4, GcCollections = 20 }).Ids());

    [Fact]
    public void A_replica_that_has_just_been_restarted_and_is_slow_makes_no_other_replica_slow() =>
        Assert.Empty(
            new ObservationBuilder()
                .All(r => r with { Traffic = r.Traffic with { Response = new(200, 3, 20, 150, 300) } })
                .Slow("api-2", gateway: 900, server: 890)
                .Health("api-2", h => h with { Started = ObservationBuilder.Now.AddSeconds(-5) })
                .Ids()
        );

    [Fact]
    public void Replicas_that_have_just_begun_are_not_judged() =>
        Assert.Empty(
            With("sql", 200).All(r => r with { Health = r.Health with { Started = ObservationBuilder.Now.AddSeconds(-11) } }).Ids()
        );

    [Fact]
    public void Replicas_that_do_not_say_what_they_do_are_slow_for_an_unknown_reason()
    {
        var found = Assert.Single(With("sql", 200).All(r => r with { Server = null }).Judge());

        Assert.Equal(FindingIds.LatencyReplica, found.Id);
        Assert.Contains(found.Evidence, e => e.Contains("/metrics cannot be read", StringComparison.Ordinal));
    }

    private static ObservationBuilder Pool(double waits, double sql) =>
        new ObservationBuilder().SlowEverywhere(200, 195, s => s with { PoolWaits = Durations(waits, 100), Sql = Durations(sql, 100) });

    // All replicas answer in a time of which most goes into one part.
    private static ObservationBuilder With(string part, double milliseconds)
    {
        var most = Durations(milliseconds * 0.8, 100);
        return part switch
        {
            "pool" => Slow(s => s with { PoolWaits = most }),
            "sql" => Slow(s => s with { Sql = most }),
            "cache" => Slow(s => s with { Sql = most, CacheHits = 10, CacheMisses = 80 }),
            "redis" => Slow(s => s with { Redis = most }),
            "queue" => Slow(s => s with { QueueWaits = most }),
            "gc" => Slow(s => s with { GcPauseSeconds = 5, GcCollections = 20 }),
            "threads" => Slow(s => s with { ThreadPoolQueue = milliseconds / 20, ThreadPoolItems = 1000 }),
            "network" => new ObservationBuilder().SlowEverywhere(milliseconds, milliseconds / 50, s => s),
            _ => Slow(s => s),
        };

        ObservationBuilder Slow(Func<ReplicaMetrics, ReplicaMetrics> change) =>
            new ObservationBuilder().SlowEverywhere(milliseconds, milliseconds * 0.95, change);
    }
}
