using NeuroCred.Monitor.Scraping;
using NeuroCred.Tests.Telemetry;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>What an operator's Prometheus gets from the running replicas.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed class MetricsTests(RunningSystem system) : IDisposable
{
    private static readonly (string, string) s_unavailable = ("result", "unavailable");
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly GatewayClient _client = new(system.Gateway);
    private readonly string _id = Guid.NewGuid().ToString("N");

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Every_replica_measures_its_requests_and_whatever_they_wait_for()
    {
        string[] expected =
        [
            "http_server_request_duration_seconds_count",
            "http_server_active_requests",
            "neurocred_postgres_wait_seconds_count",
            "db_client_connection_count",
            "db_client_connection_max",
            "neurocred_cache_requests_total",
            "neurocred_draining",
            "neurocred_health_checks_total",
            "neurocred_live_connections",
            "neurocred_scores_total",
            "neurocred_scores_computed_total",
            "dotnet_thread_pool_queue_length_total",
            "dotnet_thread_pool_thread_count_total",
            "dotnet_gc_pause_time_seconds_total",
            "dotnet_process_cpu_time_seconds_total",
            "dotnet_process_cpu_count",
            "process_memory_usage_bytes",
            "aspnetcore_rate_limiting_active_request_leases",
            "kestrel_active_connections",
            "kestrel_queued_connections",
        ];
        foreach (var replica in RunningSystem.Replicas)
        {
            // Others may have just started it: what nobody asked for is not measured.
            var wallet = await Workload.CreateScoredWalletAsync(system.AddressOf(replica), $"{_id} {replica}", Cancellation);
            using var http = new HttpClient { BaseAddress = system.AddressOf(replica) };
            using var read = await http.SendAsync(Workload.Get($"/api/score/{wallet}"), Cancellation);

            var samples = await MetricsPage.ScrapeAsync(system.ManagementAddressOf(replica));

            Assert.DoesNotContain(expected, name => samples.Sum(name) is null);
            Assert.True(samples.Sum("db_client_operation_duration_seconds_count", ("db_system_name", "postgresql")) > 0);
            Assert.True(samples.Sum("db_client_operation_duration_seconds_count", ("db_system_name", "redis")) > 0);
        }
    }

    [Theory]
    [InlineData("GET", "/metrics")]
    [InlineData("GET", "/%6detrics")]
    [InlineData("PUT", "/drain")]
    [InlineData("GET", "//drain")]
    public async Task Clients_find_neither_metrics_nor_draining_at_the_gateway_or_at_a_replica(string method, string path)
    {
        foreach (var address in (Uri[])[system.Gateway, system.AddressOf("api-1")])
        {
            using var http = new HttpClient();
            var asSpelled = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
            using var request = new HttpRequestMessage(new(method), new Uri(address.ToString().TrimEnd('/') + path, asSpelled));
            request.Headers.Add("X-API-Key", Workload.ApiKey);

            using var response = await http.SendAsync(request, Cancellation);

            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_score_is_counted_by_band_a_resend_as_a_replay_and_a_look_up_by_what_the_cache_had()
    {
        const string LookUps = "neurocred_cache_requests_total";
        IReadOnlyList<MetricSample> before;
        var attempt = 0;

        // Once more when Redis was late, as on a busy machine.
        do
        {
            await system.WaitUntilCachingAsync(Cancellation);
            var id = $"{_id} {attempt}";
            var wallet = Workload.AddressOf(id);
            before = await ScrapeAllAsync();
            for (var i = 0; i < 2; i++)
            {
                await GatewayClient.ReadAsync(await _client.SendTransactionsAsync(wallet, GatewayClient.Transaction(id, 10)));
                await GatewayClient.ReadAsync(await _client.ComputeScoreAsync(wallet, id));
                await _client.GetScoreAsync(wallet);
            }
        } while (attempt++ < 5 && (await ScrapeAllAsync()).Sum(LookUps, s_unavailable) > (before.Sum(LookUps, s_unavailable) ?? 0));

        (string Name, (string, string)[] Labels, Predicate<double> Expected)[] expected =
        [
            ("neurocred_scores_computed_total", [], grew => grew == 1),
            ("neurocred_scores_total", [("outcome", "computed")], grew => grew == 1),
            ("neurocred_scores_total", [("outcome", "replayed")], grew => grew == 1),
            ("neurocred_transactions_total", [("result", "accepted")], grew => grew == 1),
            ("neurocred_transactions_total", [("result", "duplicate")], grew => grew == 1),
            (LookUps, [("result", "miss")], grew => grew >= 1),
            (LookUps, [], grew => grew == 2),
        ];
        var wrong = "";
        await Until.HoldsAsync(
            async () =>
            {
                var after = await ScrapeAllAsync();
                double Grew(string name, (string, string)[] labels) => (after.Sum(name, labels) ?? 0) - (before.Sum(name, labels) ?? 0);
                wrong = string.Join(
                    ", ",
                    expected
                        .Where(e => !e.Expected(Grew(e.Name, e.Labels)))
                        .Select(e => $"{e.Name}{string.Concat(e.Labels)} by {Grew(e.Name, e.Labels)}")
                );
                return wrong is "";
            },
            s_patience,
            () => $"Did not grow by what was done: {wrong}."
        );
    }

    private async Task<IReadOnlyList<MetricSample>> ScrapeAllAsync() =>
        [
            .. (
                await Task.WhenAll(RunningSystem.Replicas.Select(replica => MetricsPage.ScrapeAsync(system.ManagementAddressOf(replica))))
            ).SelectMany(s => s),
        ];
}
