using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NeuroCred.Api.Migrations;

namespace NeuroCred.Api.Postgres;

/// <summary>
/// Whether Postgres answers and has the schema that this program was made for: where an update starts replicas and migration side by
/// side, none of the former serves too early. A newer schema will do. Uses a control connection, so that a busy pool does not look like an outage.
/// </summary>
internal sealed class DatabaseHealthCheck(ControlDatabase database) : IHealthCheck
{
    private const string Ask = "SELECT epoch FROM score_cache_fence";
    private const string AskForSchema = "SELECT coalesce(max(version), 0) FROM schema_migrations";

    private static readonly int s_newest = MigrationScript.Embedded()[^1].Version;

    // It never goes away again, so that it is asked for until it is there, and no longer.
    private volatile bool _hasSchema;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = database.Source.CreateCommand(_hasSchema ? Ask : AskForSchema);
            var answer = await command.ExecuteScalarAsync(cancellationToken);
            if (!_hasSchema && Convert.ToInt32(answer, CultureInfo.InvariantCulture) is var version && version < s_newest)
            {
                return HealthCheckResult.Unhealthy($"the schema has version {version}, and {s_newest} is needed: waiting for the migration");
            }

            _hasSchema = true;
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (DatabaseFaults.IsUnavailable(e))
        {
            return HealthCheckResult.Unhealthy(DatabaseFaults.Describe(e));
        }
    }
}
