using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace NeuroCred.ServiceDefaults.Telemetry;

internal static class TelemetryExtensions
{
    /// <summary>How long one export may take: at shutdown the flush must fit what draining leaves of five seconds.</summary>
    private const int ExportTimeoutMilliseconds = 1000;

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        builder.Services.AddSingleton<ServiceMetrics>();
        var telemetry = builder
            .Services.AddOpenTelemetry()
            .WithMetrics(metrics =>
                metrics
                    .AddAspNetCoreInstrumentation() // the framework's own meters: requests, Kestrel's queues, rate limiting
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddProcessInstrumentation()
                    .AddMeter(ServiceMetrics.Name)
                    .AddView(LatencyBuckets.Choose)
                    .AddMetricsEndpoint()
            )
            .WithTracing(tracing =>
                tracing
                    .AddSource(builder.Environment.ApplicationName)
                    .AddAspNetCoreInstrumentation(options => options.Filter = IsWorthTracing)
                    .AddHttpClientInstrumentation()
            );
        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            telemetry.UseOtlpExporter();
            builder.Services.ConfigureAll<OtlpExporterOptions>(options => options.TimeoutMilliseconds = ExportTimeoutMilliseconds);
        }
    }

    /// <summary>Probes and scrapes arrive every second from every side and would bury the requests that matter.</summary>
    internal static bool IsWorthTracing(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/health") && !context.Request.Path.StartsWithSegments(MetricsEndpoint.Path);
}
