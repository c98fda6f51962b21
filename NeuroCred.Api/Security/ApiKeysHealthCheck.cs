using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NeuroCred.Api.Security;

/// <summary>Whether the API keys were read since the start: before that, no request can be served.</summary>
internal sealed class ApiKeysHealthCheck(ApiKeys keys) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(keys.AreKnown ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("they were not read yet"));
}
