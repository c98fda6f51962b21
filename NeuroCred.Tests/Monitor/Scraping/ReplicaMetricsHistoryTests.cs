using NeuroCred.Monitor.Scraping;

namespace NeuroCred.Tests.Monitor.Scraping;

public sealed class ReplicaMetricsHistoryTests
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly ReplicaMetricsHistory _history;

    public ReplicaMetricsHistoryTests() => _history = new(_time);

    [Fact]
    public void What_came_within_the_window_is_told_and_not_what_was_before()
    {
        for (var second = 0; second <= 30; second++)
        {
            Add($"neurocred_cache_requests_total{{result=\"hit\"}} {second * second}\ndotnet_thread_pool_queue_length_total {second}\n");
        }

        var numbers = _history.Read(s_window)!;
        Assert.Equal(s_window, numbers.Length);
        Assert.Equal((30 * 30) - (20 * 20), numbers.CacheHits);
        Assert.Equal(25, numbers.ThreadPoolQueue);
    }

    [Fact]
    public void A_young_process_is_told_of_since_its_first_reading()
    {
        Add("neurocred_cache_requests_total{result=\"miss\"} 5\n");
        Assert.Null(_history.Read(s_window));
        Add("neurocred_cache_requests_total{result=\"miss\"} 7\nneurocred_cache_requests_total{result=\"unavailable\"} 1\n");

        var numbers = _history.Read(s_window)!;
        Assert.Equal((TimeSpan.FromSeconds(1), 2, 1), (numbers.Length, numbers.CacheMisses, numbers.CacheUnavailable));
    }

    [Fact]
    public void Another_process_begins_a_new_history()
    {
        Add("dotnet_process_cpu_time_seconds_total{cpu_mode=\"user\"} 100\n");
        Add("dotnet_process_cpu_time_seconds_total{cpu_mode=\"user\"} 101\n");
        Add("dotnet_process_cpu_time_seconds_total{cpu_mode=\"user\"} 0.5\n");
        Assert.Null(_history.Read(s_window));
        Add("dotnet_process_cpu_time_seconds_total{cpu_mode=\"user\"} 0.75\n");
        Assert.Equal(0.25, _history.Read(s_window)!.CpuSeconds, 6);
    }

    [Fact]
    public void A_replica_that_does_not_answer_any_more_says_nothing()
    {
        Add("http_server_active_requests 4\n");
        Add("http_server_active_requests 6\n");
        Assert.Equal(5, _history.Latest!.ActiveRequests);
        _time.Advance(ReplicaMetricsHistory.Freshness + TimeSpan.FromMilliseconds(1));
        Assert.Null(_history.Read(s_window));
        Assert.Null(_history.Latest);
    }

    [Fact]
    public void Durations_are_differences_of_all_their_series_without_probes_and_streams()
    {
        Add(Page(get: 100, post: 10));
        Add(Page(get: 180, post: 30));

        var requests = _history.Read(s_window)!.Requests;
        Assert.Equal(100, requests.Count);
        Assert.Equal((80 * 0.002) + (20 * 0.04), requests.Seconds, 6);
        Assert.Equal(1000 * ((80 * 0.002) + (20 * 0.04)) / 100, requests.MeanMilliseconds, 6);
        Assert.InRange(requests.Quantile(0.5)!.Value, 0, 5);
        Assert.InRange(requests.Quantile(0.9)!.Value, 5, 50);
    }

    [Fact]
    public void A_quantile_lies_between_its_bucket_s_bounds_and_beyond_the_last_one_at_it()
    {
        var durations = DurationHistogram.From(
            PrometheusText.Parse(
                "d_bucket{le=\"0.1\"} 50\nd_bucket{le=\"0.2\"} 90\nd_bucket{le=\"+Inf\"} 100\nd_sum 12\nd_count 100\n",
                _ => true
            ),
            "d",
            _ => true
        );

        Assert.Equal(100, durations.Quantile(0.5)!.Value, 6);
        Assert.Equal(150, durations.Quantile(0.7)!.Value, 6);
        Assert.Equal(200, durations.Quantile(0.99)!.Value, 6);
        Assert.Null(DurationHistogram.Empty.Quantile(0.5));
        Assert.Equal(200, durations.Plus(durations).Count);
        Assert.Equal(0, durations.Since(durations).Count);
    }

    private static string Page(int get, int post) =>
        Series("/api/score/{address}", 200, get, 0.002)
        + Series("/api/score", 200, post, 0.04)
        + Series("/health/ready", 200, 5 * get, 0.5)
        + Series("/api/score/{address}/live", 101, 1, 300);

    private static string Series(string route, int status, int count, double seconds)
    {
        var labels = $"http_route=\"{route}\",http_response_status_code=\"{status}\"";
        const string name = "http_server_request_duration_seconds";
        return $"{name}_bucket{{{labels},le=\"0.005\"}} {(seconds <= 0.005 ? count : 0)}\n"
            + $"{name}_bucket{{{labels},le=\"0.05\"}} {(seconds <= 0.05 ? count : 0)}\n"
            + $"{name}_bucket{{{labels},le=\"+Inf\"}} {count}\n"
            + $"{name}_sum{{{labels}}} {count * seconds}\n"
            + $"{name}_count{{{labels}}} {count}\n";
    }

    // A reading a second.
    private void Add(string page)
    {
        if (_history.Latest is not null)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _history.Add(ReplicaMetricsReader.Read(PrometheusText.Parse(page, ReplicaMetricsReader.IsWanted)));
    }
}
