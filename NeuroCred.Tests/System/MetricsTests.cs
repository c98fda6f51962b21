using NeuroCred.Tests.Telemetry;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>What an operator's Prometheus gets from the running replicas.</summary>
[Collection(SharedSystem.Name)]
public sealed class MetricsTests(RunningSystem system) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly GatewayClient _client = new(system.Gateway);
    private readonly string _id = Guid.NewGuid().ToString("N");

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Every_replica_measures_its_requests_and_whatever_they_wait_for()
    {
        string[] expected =
        [
            "http_server_request_duration_seconds_count", "http_server_active_requests",
            "neurocred_postgres_wait_seconds_count", "db_client_connection_count", "db_client_connection_max",
            "neurocred_cache_requests_total", "neurocred_draining", "neurocred_health_checks_total", "neurocred_live_connections",
            "neurocred_scores_total", "neurocred_scores_computed_total",
            "dotnet_thread_pool_queue_length_total", "dotnet_thread_pool_thread_count_total", "dotnet_gc_pause_time_seconds_total",
            "dotnet_process_cpu_time_seconds_total", "dotnet_process_cpu_count", "process_memory_usage_bytes",
            "aspnetcore_rate_limiting_active_request_leases", "kestrel_active_connections", "kestrel_queued_connections",
        ];
        foreach (var replica in RunningSystem.Replicas)
        {
            var samples = await PrometheusText.ScrapeAsync(system.AddressOf(replica));

            Assert.DoesNotContain(expected, name => samples.Sum(name) is null);
            Assert.True(samples.Sum("db_client_operation_duration_seconds_count", ("db_system_name", "postgresql")) > 0);
            Assert.True(samples.Sum("db_client_operation_duration_seconds_count", ("db_system_name", "redis")) > 0);
        }
    }

    [Fact]
    public async Task A_score_is_counted_by_band_a_resend_as_a_replay_and_a_look_up_by_what_the_cache_had()
    {
        var wallet = Workload.AddressOf(_id);
        var before = await ScrapeAllAsync();
        for (var i = 0; i < 2; i++)
        {
            await GatewayClient.ReadAsync(await _client.SendTransactionsAsync(wallet, GatewayClient.Transaction(_id, 10)));
            await GatewayClient.ReadAsync(await _client.ComputeScoreAsync(wallet, _id));
            await _client.GetScoreAsync(wallet);
        }

        await Until.HoldsAsync(async () =>
        {
            var after = await ScrapeAllAsync();
            double Grew(string name, params (string, string)[] labels) => (after.Sum(name, labels) ?? 0) - (before.Sum(name, labels) ?? 0);
            return Grew("neurocred_scores_computed_total") == 1
                && Grew("neurocred_scores_total", ("outcome", "computed")) == 1
                && Grew("neurocred_scores_total", ("outcome", "replayed")) == 1
                && Grew("neurocred_transactions_total", ("result", "accepted")) == 1
                && Grew("neurocred_transactions_total", ("result", "duplicate")) == 1
                && Grew("neurocred_cache_requests_total", ("result", "miss")) >= 1
                && Grew("neurocred_cache_requests_total") == 2;
        }, s_patience, () => "The counters did not grow by what was done.");
    }

    private async Task<IReadOnlyList<Sample>> ScrapeAllAsync() =>
        [.. (await Task.WhenAll(RunningSystem.Replicas.Select(replica => PrometheusText.ScrapeAsync(system.AddressOf(replica))))).SelectMany(s => s)];
}
