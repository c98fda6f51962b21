using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NeuroCred.Monitor.Scraping;
using NeuroCred.ServiceDefaults.Lifetime;
using NeuroCred.Tests.Telemetry;

namespace NeuroCred.Tests.ServiceDefaults;

/// <summary>What Prometheus gets from any service.</summary>
[Collection(MeasuredProcess.Name)]
public sealed class MetricsEndpointTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private TestHost _host = null!;

    public async ValueTask InitializeAsync() =>
        _host = await MeasuredHost.StartAsync(
            services => services.AddHealthChecks().AddCheck("database", () => HealthCheckResult.Degraded("slow")),
            app =>
            {
                app.MapDrain();
                app.MapGet("/items/{id}", (string id) => id);
            }
        );

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Requests_are_measured_by_route_and_probes_and_scrapes_are_not()
    {
        await _host.Client.GetStringAsync("/items/1", Cancellation);
        await _host.Client.GetStringAsync("/items/2", Cancellation);
        await _host.Client.GetStringAsync("/health", Cancellation);
        await _host.Client.GetStringAsync("/health/ready", Cancellation);
        await _host.Client.GetStringAsync("/metrics", Cancellation);

        var samples = await ScrapeUntilAsync(s => s.Sum("http_server_request_duration_seconds_count", ("http_route", "/items/{id}")) == 2);

        var routes = samples
            .Where(s => s.Name == "http_server_request_duration_seconds_count")
            .Select(s => s.Labels.GetValueOrDefault("http_route"));
        Assert.DoesNotContain(routes, route => route is "/health" or "/health/ready" or "/metrics");
        Assert.Equal(2, samples.Sum("http_server_request_duration_seconds_bucket", ("http_route", "/items/{id}"), ("le", "10")));
        Assert.NotNull(samples.Sum("http_server_request_duration_seconds_bucket", ("http_route", "/items/{id}"), ("le", "0.001")));
    }

    [Fact]
    public async Task What_readiness_found_is_counted_by_check_and_result()
    {
        await _host.Client.GetStringAsync("/health/ready", Cancellation);

        await ScrapeUntilAsync(s => s.Sum("neurocred_health_checks_total", ("check", "database"), ("result", "degraded")) > 0);
    }

    [Fact]
    public async Task A_drained_instance_says_so_in_its_metrics_and_takes_it_back()
    {
        await ScrapeUntilAsync(s => s.Sum("neurocred_draining") == 0);

        using var drained = await _host.Client.PutAsync(DrainEndpoints.Path, null, Cancellation);
        using var refused = await _host.Client.GetAsync("/items/1", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await ScrapeUntilAsync(s => s.Sum("neurocred_draining") == 1);

        using var resumed = await _host.Client.DeleteAsync(DrainEndpoints.Path, Cancellation);
        await ScrapeUntilAsync(s => s.Sum("neurocred_draining") == 0);
    }

    [Fact]
    public async Task A_request_that_comes_again_under_its_id_is_counted_once()
    {
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/items/1") { Headers = { { "X-Request-ID", "the-same" } } };
            using var response = await _host.Client.SendAsync(request, Cancellation);
        }

        await ScrapeUntilAsync(s => s.Sum("neurocred_requests_repeated_total") == 1);
    }

    // A request is counted after its answer.
    private async Task<IReadOnlyList<MetricSample>> ScrapeUntilAsync(Func<IReadOnlyList<MetricSample>, bool> holds)
    {
        IReadOnlyList<MetricSample> samples = [];
        await Until.HoldsAsync(
            async () => holds(samples = await MetricsPage.ScrapeAsync(_host.Address)),
            s_patience,
            () =>
                $"The metrics are:\n{string.Join('\n', samples.Where(s => s.Name.StartsWith("neurocred_", StringComparison.Ordinal) || s.Name.EndsWith("_count", StringComparison.Ordinal)))}"
        );
        return samples;
    }
}
