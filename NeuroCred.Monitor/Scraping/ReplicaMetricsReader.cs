namespace NeuroCred.Monitor.Scraping;

/// <summary>Reads what a replica says of itself on <c>/metrics</c>.</summary>
internal static class ReplicaMetricsReader
{
    private const string RequestDuration = "http_server_request_duration_seconds";
    private const string DatabaseDuration = "db_client_operation_duration_seconds";
    private const string PoolWait = "neurocred_postgres_wait_seconds";
    private const string LimiterWait = "aspnetcore_rate_limiting_request_time_in_queue_seconds";

    private static readonly string[] s_histograms = [RequestDuration, DatabaseDuration, PoolWait, LimiterWait];

    private static readonly HashSet<string> s_wanted =
    [
        .. s_histograms.SelectMany(name => (string[])[name + "_bucket", name + "_sum", name + "_count"]),
        "http_server_active_requests",
        "neurocred_cache_requests_total",
        "neurocred_draining",
        "neurocred_live_connections",
        "aspnetcore_rate_limiting_queued_requests",
        "dotnet_gc_pause_time_seconds_total",
        "dotnet_gc_collections_total",
        "dotnet_thread_pool_queue_length_total",
        "dotnet_thread_pool_work_item_count_total",
        "dotnet_thread_pool_thread_count_total",
        "dotnet_process_cpu_time_seconds_total",
        "dotnet_process_cpu_count",
        "db_client_connection_max",
    ];

    /// <summary>The names of the samples that are needed here.</summary>
    public static IReadOnlyCollection<string> Wanted => s_wanted;

    /// <summary>Whether a sample is needed here.</summary>
    public static bool IsWanted(string name) => s_wanted.Contains(name);

    /// <summary>Reads the samples of a page.</summary>
    public static ReplicaMetrics Read(IReadOnlyList<MetricSample> samples)
    {
        var byName = samples.ToLookup(s => s.Name);
        double Sum(string name, string? label = null, string? value = null) =>
            byName[name].Where(s => label is null || s[label] == value).Sum(s => s.Value);
        return new()
        {
            Requests = DurationHistogram.From(samples, RequestDuration, IsOfClients),
            Sql = DurationHistogram.From(samples, DatabaseDuration, s => s["db_system_name"] == "postgresql"),
            Redis = DurationHistogram.From(samples, DatabaseDuration, s => s["db_system_name"] == "redis"),
            PoolWaits = DurationHistogram.From(samples, PoolWait, _ => true),
            QueueWaits = DurationHistogram.From(samples, LimiterWait, _ => true),
            ActiveRequests = byName["http_server_active_requests"].Any() ? Math.Max(0, Sum("http_server_active_requests") - 1) : null,
            QueuedRequests = Sum("aspnetcore_rate_limiting_queued_requests"),
            CacheHits = Sum("neurocred_cache_requests_total", "result", "hit"),
            CacheMisses = Sum("neurocred_cache_requests_total", "result", "miss"),
            CacheUnavailable = Sum("neurocred_cache_requests_total", "result", "unavailable"),
            Draining = Sum("neurocred_draining") > 0,
            LiveConnections = Sum("neurocred_live_connections"),
            GcPauseSeconds = Sum("dotnet_gc_pause_time_seconds_total"),
            GcCollections = Sum("dotnet_gc_collections_total"),
            // .NET makes counters of these two, which go up and down: hence their names.
            ThreadPoolQueue = Sum("dotnet_thread_pool_queue_length_total"),
            ThreadPoolItems = Sum("dotnet_thread_pool_work_item_count_total"),
            ThreadPoolThreads = Sum("dotnet_thread_pool_thread_count_total"),
            CpuSeconds = Sum("dotnet_process_cpu_time_seconds_total"),
            CpuCount = Sum("dotnet_process_cpu_count"),
            PoolSize = byName["db_client_connection_max"].Select(s => s.Value).DefaultIfEmpty(0).Max(),
        };
    }

    // Probes and scrapes are asked by machines, and a stream lasts as long as its client likes.
    private static bool IsOfClients(MetricSample sample) =>
        sample["http_response_status_code"] != "101"
        && !(
            sample["http_route"] is { } route
            && (
                route.StartsWith("/health", StringComparison.Ordinal)
                || route.StartsWith("/metrics", StringComparison.Ordinal)
                || route.StartsWith("/drain", StringComparison.Ordinal)
                || route.EndsWith("/live", StringComparison.Ordinal)
            )
        );
}
