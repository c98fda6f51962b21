using System.Net.Http.Headers;
using System.Text;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Discovery;

namespace NeuroCred.Monitor.Scraping;

/// <summary>
/// Reads <c>/metrics</c> of every replica once a second, each by itself: one that does not answer holds up nothing, and one that answers
/// late, because it has no thread for it, is still heard.
/// </summary>
internal sealed partial class MetricsScraper(
    WatchedReplicas replicas,
    ReplicaMetricsStore metrics,
    TimeProvider time,
    ILogger<MetricsScraper> logger
) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    // No proxy, and no traces: a scrape a second and replica would bury those that matter.
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null })
    {
        // A process that is out of threads takes seconds to answer, and what it then says is why.
        Timeout = ReplicaMetricsHistory.Freshness,
        MaxResponseContentBufferSize = 4 * 1024 * 1024,
        DefaultRequestHeaders =
        {
            Accept = { new MediaTypeWithQualityHeaderValue("text/plain") { Parameters = { new("version", "0.0.4") } } },
        },
    };

    public override void Dispose()
    {
        _client.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => replicas.FollowAsync(FollowAsync, stoppingToken);

    private async Task FollowAsync(MonitoredReplica replica, CancellationToken leftToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        var address = new Uri(replica.ManagementUrl, "/metrics");
        string? told = null;
        try
        {
            while (await timer.WaitForNextTickAsync(leftToken))
            {
                // Said once, and again when it has become something else: a replica that is down is down every second.
                var problem = await ReadAsync(address, replica.Name, leftToken);
                if (problem is not null && problem != told)
                {
                    LogUnread(logger, replica.Name, problem);
                }

                told = problem;
            }
        }
        finally
        {
            metrics.Remove(replica.Name);
        }
    }

    private async Task<string?> ReadAsync(Uri address, string replica, CancellationToken stoppingToken)
    {
        try
        {
            // Not as a string: that throws where another program answers in a character set that .NET does not have.
            var page = await _client.GetByteArrayAsync(address, stoppingToken);
            metrics.Add(
                replica,
                ReplicaMetricsReader.Read(PrometheusText.Parse(Encoding.UTF8.GetString(page), ReplicaMetricsReader.IsWanted))
            );
            return null;
        }
        catch (HttpRequestException e)
        {
            return e.StatusCode is { } status ? $"status {(int)status}" : e.HttpRequestError.ToString();
        }
        catch (FormatException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            return "no answer in time";
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The metrics of {Replica} cannot be read: {Problem}")]
    private static partial void LogUnread(ILogger logger, string replica, string problem);
}
