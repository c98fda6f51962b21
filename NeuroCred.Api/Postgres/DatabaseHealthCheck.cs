using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NeuroCred.Api.Postgres;

/// <summary>Whether Postgres answers and has the schema. Uses a control connection, so that a busy pool does not look like an outage.</summary>
internal sealed class DatabaseHealthCheck(ControlDatabase database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = database.Source.CreateCommand("SELECT epoch FROM score_cache_fence");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (DatabaseFaults.IsUnavailable(e))
        {
            return HealthCheckResult.Unhealthy(DatabaseFaults.Describe(e));
        }
    }
}
