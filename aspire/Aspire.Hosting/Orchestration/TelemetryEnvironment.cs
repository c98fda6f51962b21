using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;

namespace Aspire.Hosting.Orchestration;

/// <summary>Tells resources who they are and where their telemetry goes, in OpenTelemetry's own variables.</summary>
internal sealed class TelemetryEnvironment(DashboardSettings dashboard)
{
    internal void Add(IResource resource, Dictionary<string, string> environment)
    {
        if (!resource.HasAnnotationOfType<OtlpExporterAnnotation>())
        {
            return;
        }

        environment.TryAdd("OTEL_SERVICE_NAME", resource.Name);
        if (resource.TryGetLastAnnotation<ResourceIdAnnotation>(out var id))
        {
            environment.TryAdd("OTEL_RESOURCE_ATTRIBUTES", $"service.instance.id={id.Suffix}");
        }

        if (!dashboard.IsEnabled)
        {
            return;
        }

        environment.TryAdd("OTEL_EXPORTER_OTLP_ENDPOINT", dashboard.OtlpUrl);
        environment.TryAdd("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
        environment.TryAdd("OTEL_EXPORTER_OTLP_HEADERS", $"x-otlp-api-key={dashboard.OtlpApiKey}");

        // A second instead of the usual five to sixty: a person is watching. Milliseconds.
        environment.TryAdd("OTEL_BSP_SCHEDULE_DELAY", "1000");
        environment.TryAdd("OTEL_BLRP_SCHEDULE_DELAY", "1000");
        environment.TryAdd("OTEL_METRIC_EXPORT_INTERVAL", "1000");
    }
}
