using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Scraping;

namespace NeuroCred.Tests.Monitor.Scraping;

public sealed class MetricsScraperTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private MetricsScraper? _scraper;

    public async ValueTask DisposeAsync()
    {
        if (_scraper is { } scraper)
        {
            await scraper.StopAsync(CancellationToken.None);
            scraper.Dispose();
        }
    }

    [Fact]
    public async Task A_replica_that_does_not_answer_keeps_no_other_one_from_being_read()
    {
        var asked = 0;
        await using var hung = await StartAsync(async context =>
        {
            Interlocked.Increment(ref asked);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await using var well = await StartAsync(context => context.Response.WriteAsync("http_server_active_requests{} 3\n"));
        var metrics = await ScrapeAsync(("api-1", new("http://127.0.0.1:1")), ("api-2", hung.Address), ("api-3", well.Address));

        await ReadUntilAsync(() => metrics.ReadInFlight("api-3") is not null && asked > 0);

        Assert.Equal(2, metrics.ReadInFlight("api-3"));
        Assert.Null(metrics.ReadInFlight("api-1"));
        Assert.Null(metrics.ReadInFlight("api-2"));
        Assert.Null(metrics.ReadInFlight("unheard of"));
    }

    [Fact]
    public async Task A_page_that_is_none_is_no_reason_to_stop_reading()
    {
        var asked = 0;
        await using var replica = await StartAsync(context =>
            context.Response.WriteAsync(Interlocked.Increment(ref asked) < 3 ? "<html></html>\n" : "http_server_active_requests{} 1\n")
        );
        var metrics = await ScrapeAsync(("api-1", replica.Address));

        await ReadUntilAsync(() => metrics.ReadInFlight("api-1") == 0);
    }

    [Fact]
    public async Task A_page_in_a_character_set_that_is_not_known_is_no_reason_to_stop_reading()
    {
        var asked = 0;
        await using var replica = await StartAsync(context =>
        {
            context.Response.ContentType = Interlocked.Increment(ref asked) < 3 ? "text/plain; charset=windows-1252" : "text/plain";
            return context.Response.WriteAsync($"http_server_active_requests{{}} {asked}\n");
        });
        var metrics = await ScrapeAsync(("api-1", replica.Address));

        await ReadUntilAsync(() => metrics.ReadInFlight("api-1") >= 2);
    }

    private Task ReadUntilAsync(Func<bool> condition) => _time.AdvanceUntilAsync(condition, "It was not read.");

    private static Task<TestHost> StartAsync(RequestDelegate answer) => TestHost.StartAsync(_ => { }, app => app.Run(answer));

    private async Task<ReplicaMetricsStore> ScrapeAsync(params (string Name, Uri Url)[] replicas)
    {
        var options = TestOptions.Create() with
        {
            // Whatever answers at the port for requests has no metrics.
            Replicas = [.. replicas.Select(r => new MonitoredReplica(r.Name, new("http://localhost:1"), r.Url))],
        };
        var metrics = new ReplicaMetricsStore(_time);
        _scraper = new(new(options), metrics, _time, NullLogger<MetricsScraper>.Instance);
        await _scraper.StartAsync(Cancellation);
        return metrics;
    }
}
