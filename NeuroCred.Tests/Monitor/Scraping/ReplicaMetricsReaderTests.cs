using NeuroCred.Monitor.Scraping;

namespace NeuroCred.Tests.Monitor.Scraping;

/// <summary>A page of a real replica, which was asked for a score three times, without Postgres and Redis.</summary>
public sealed class ReplicaMetricsReaderTests
{
    // What only comes with what never happened to it.
    private static readonly string[] s_missing =
    [
        "aspnetcore_rate_limiting_queued_requests",
        "aspnetcore_rate_limiting_request_time_in_queue_seconds_bucket",
        "aspnetcore_rate_limiting_request_time_in_queue_seconds_sum",
        "aspnetcore_rate_limiting_request_time_in_queue_seconds_count",
    ];

    private static readonly string s_page = File.ReadAllText(
        Path.Combine(Repository.Folder, "NeuroCred.Tests", "Monitor", "Scraping", "exporter-output.txt")
    );

    [Fact]
    public void Every_line_is_understood() =>
        Assert.Equal(s_page.Split('\n').Count(line => line is not ("" or ['#', ..])), PrometheusText.Parse(s_page, _ => true).Count);

    [Fact]
    public void Everything_that_is_judged_by_is_there()
    {
        var names = PrometheusText.Parse(s_page, _ => true).Select(s => s.Name).ToHashSet();

        Assert.Equal(s_missing.Order(), ReplicaMetricsReader.Wanted.Except(names).Order());
    }

    [Fact]
    public void It_says_what_the_replica_did()
    {
        var reading = ReplicaMetricsReader.Read(PrometheusText.Parse(s_page, ReplicaMetricsReader.IsWanted));

        Assert.Equal((3, 2, 8, 0), (reading.Requests.Count, reading.Redis.Count, reading.PoolWaits.Count, reading.Sql.Count));
        Assert.Equal(0.2542526, reading.Requests.Seconds, 7);
        Assert.Equal((0, 4, 0), (reading.CacheHits, reading.CacheUnavailable, reading.ActiveRequests));
        Assert.Equal((190, 6, 10, 2), (reading.ThreadPoolItems, reading.ThreadPoolThreads, reading.PoolSize, reading.CpuCount));
        Assert.Equal(1.399165, reading.CpuSeconds, 6);
        Assert.Equal((2, 0.033834), (reading.GcCollections, reading.GcPauseSeconds));
        Assert.False(reading.Draining);
    }
}
