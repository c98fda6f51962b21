using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NeuroCred.Api.Postgres;

/// <summary>
/// What the circuit knows, so that readiness and answers agree: whether Postgres answers, can be written, and has the schema that this
/// program was made for. Where an update starts replicas and migration side by side, none of the former serves too early. A newer schema
/// will do. Postgres that refuses some requests, as with a full disk those that write, degrades the service and does not stop it.
/// </summary>
internal sealed class DatabaseHealthCheck(DatabaseCircuit circuit) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            circuit.Problem is { } problem ? HealthCheckResult.Unhealthy(problem)
            : circuit.Refusal is { } refusal ? HealthCheckResult.Degraded($"Postgres refuses requests: {refusal}")
            : HealthCheckResult.Healthy()
        );
}
