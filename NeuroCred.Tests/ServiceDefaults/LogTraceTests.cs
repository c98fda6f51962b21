using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NeuroCred.Tests.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace NeuroCred.Tests.ServiceDefaults;

[Collection(MeasuredProcess.Name)]
public class LogTraceTests
{
    [Fact]
    public async Task What_a_request_logs_leaves_with_the_requests_trace()
    {
        using var exported = new ExportedLogs();
        await using var host = await MeasuredHost.StartAsync(
            services => services.AddLogging(logging => logging.AddOpenTelemetry(options => options.AddProcessor(exported))),
            app => app.MapGet("/log", (ILogger<LogTraceTests> logger) => Log(logger))
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, "/log");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = host.Address };

        using var response = await client.SendAsync(request, Cancellation);

        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal(["0af7651916cd43dd8448eb211c80319c"], exported.Traces);
    }

#pragma warning disable CA1848, CA2254 // one line, once
    private static void Log(ILogger logger) => logger.LogInformation("Something was logged");
#pragma warning restore CA1848, CA2254

    private sealed class ExportedLogs : BaseProcessor<LogRecord>
    {
        public ConcurrentQueue<string> Traces { get; } = new();

        public override void OnEnd(LogRecord data)
        {
            if (data.FormattedMessage == "Something was logged")
            {
                Traces.Enqueue(data.TraceId.ToHexString());
            }
        }
    }
}
