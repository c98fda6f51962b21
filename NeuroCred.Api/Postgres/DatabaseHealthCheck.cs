using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NeuroCred.Api.Postgres;

/// <summary>
/// What the circuit knows, so that readiness and answers agree: whether Postgres answers, can be written, and has the schema that this
/// program was made for. Where an update starts replicas and migration side by side, none of the former serves too early. A newer schema
/// will do.
/// </summary>
internal sealed class DatabaseHealthCheck(DatabaseCircuit circuit) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(circuit.Problem is { } problem ? HealthCheckResult.Unhealthy(problem) : HealthCheckResult.Healthy());
}
