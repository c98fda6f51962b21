using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NeuroCred.Api.Redis;

/// <summary>Whether Redis answers. Its failure degrades the service and does not stop it.</summary>
internal sealed class RedisHealthCheck(RedisConnection redis) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await redis.TryAsync("PING", database => database.ExecuteAsync("PING")) is not null
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded("no answer; scores are read from Postgres");
}
