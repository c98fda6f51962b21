using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using NeuroCred.ServiceDefaults.Management;
using OpenTelemetry.Metrics;

namespace NeuroCred.ServiceDefaults.Telemetry;

/// <summary><c>/metrics</c>, for Prometheus: the same metrics that OTLP carries.</summary>
internal static class MetricsEndpoint
{
    public const string Path = "/metrics";

    public static MeterProviderBuilder AddMetricsEndpoint(this MeterProviderBuilder metrics) =>
        metrics.AddPrometheusExporter(exporter =>
        {
            exporter.ScrapeEndpointPath = Path;
            // Which library measured it: on every line, and nobody asks for it.
            exporter.ScopeInfoEnabled = false;
            // Always what is now: who computes rates from two scrapes a second apart is misled by an answer that is a third of a second
            // old.
            exporter.ScrapeResponseCacheDurationMilliseconds = 0;
        });

    public static void MapMetrics(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPrometheusScrapingEndpoint().OnManagementPort().DisableHttpMetrics().WithDisplayName("Metrics");
}
