using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NeuroCred.ServiceDefaults.Lifetime;

namespace NeuroCred.ServiceDefaults.Telemetry;

/// <summary>The metrics that every service has of its own.</summary>
internal sealed class ServiceMetrics
{
    public const string Name = "NeuroCred.ServiceDefaults";

    private readonly Counter<long> _healthChecks;
    private readonly Counter<long> _repeated;

    public ServiceMetrics(IMeterFactory meters, DrainState drain)
    {
        var meter = meters.Create(Name);
        meter.CreateObservableGauge(
            "neurocred.draining",
            () => drain.IsDraining ? 1 : 0,
            description: "1 while this instance drains, else 0"
        );
        _healthChecks = meter.CreateCounter<long>(
            "neurocred.health_checks",
            "{check}",
            "Readiness checks of dependencies, by check and result"
        );
        _repeated = meter.CreateCounter<long>(
            "neurocred.requests.repeated",
            "{request}",
            "Requests whose X-Request-ID came to this instance before, a short while ago"
        );
    }

    public void CountHealthCheck(string check, HealthStatus status) =>
        _healthChecks.Add(
            1,
            new KeyValuePair<string, object?>("check", check),
            new KeyValuePair<string, object?>("result", status.ToString().ToLowerInvariant())
        );

    public void CountRepeated() => _repeated.Add(1);
}
