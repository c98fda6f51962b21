using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using OpenTelemetry.Metrics;

namespace NeuroCred.ServiceDefaults.Telemetry;

/// <summary><c>/metrics</c>, for Prometheus: the same metrics that OTLP carries. It is for those inside alone; the gateway answers 404 for it.</summary>
internal static class MetricsEndpoint
{
    public const string Path = "/metrics";

    public static MeterProviderBuilder AddMetricsEndpoint(this MeterProviderBuilder metrics) => metrics.AddPrometheusExporter(exporter =>
    {
        exporter.ScrapeEndpointPath = Path;
        // Which library measured it: a third of the bytes, and every query would have to leave it out again.
        exporter.ScopeInfoEnabled = false;
    });

    public static void MapMetrics(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPrometheusScrapingEndpoint().DisableHttpMetrics().WithDisplayName("Metrics");
}
