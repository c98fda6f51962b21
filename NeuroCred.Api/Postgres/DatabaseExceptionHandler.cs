using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NeuroCred.Api.Configuration;
using NeuroCred.ServiceDefaults.Errors;
using NeuroCred.ServiceDefaults.Health;

namespace NeuroCred.Api.Postgres;

/// <summary>
/// Postgres cannot serve: one short answer that says when to come back. If it is down for all, <see cref="ApiOptions.DependencyDownStatus"/> keeps
/// the gateway from asking the other replicas. If it may be only this replica that was too busy for it, 503 has the gateway ask them.
/// </summary>
internal sealed partial class DatabaseExceptionHandler(ApiOptions options, ReadinessProbe readiness, ILogger<DatabaseExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!DatabaseFaults.IsUnavailable(exception))
        {
            return false;
        }
        LogUnavailable(logger, DatabaseFaults.Describe(exception));
        httpContext.Response.Headers.RetryAfter = "1";
        await Problems.WriteAsync(httpContext, new()
        {
            Status = await IsDownForAllAsync(exception) ? options.DependencyDownStatus : StatusCodes.Status503ServiceUnavailable,
            Title = "The database is not available",
            Detail = "The request was not carried out, or its outcome is unknown. Send it again: every request is safe to resend.",
        });
        return true;
    }

    private async Task<bool> IsDownForAllAsync(Exception exception)
        => DatabaseFaults.IsRefusal(exception) || (await readiness.CheckAsync()).Status == HealthStatus.Unhealthy;

    [LoggerMessage(Level = LogLevel.Error, Message = "The database is not available: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string reason);
}
