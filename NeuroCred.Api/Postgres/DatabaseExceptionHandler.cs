using Microsoft.AspNetCore.Diagnostics;
using NeuroCred.Api.Configuration;
using NeuroCred.ServiceDefaults.Errors;

namespace NeuroCred.Api.Postgres;

/// <summary>
/// Postgres cannot serve: one short answer that says when to come back. <see cref="ApiOptions.DependencyDownStatus"/> keeps the gateway from
/// asking the other replicas, which would triple the load on a database that struggles. If it is this replica that was too late, or too busy
/// for a database that does answer, 503 has the gateway ask them.
/// </summary>
internal sealed partial class DatabaseExceptionHandler(ApiOptions options, Database database, OwnPace pace, ILogger<DatabaseExceptionHandler> logger) : IExceptionHandler
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
            Status = IsDownForAll(exception) ? options.DependencyDownStatus : StatusCodes.Status503ServiceUnavailable,
            Title = "The database is not available",
            Detail = "The request was not carried out, or its outcome is unknown. Send it again: every request is safe to resend.",
        });
        return true;
    }

    private bool IsDownForAll(Exception exception) => DatabaseFaults.IsRefusal(exception) || !(pace.WasLate || database.HasAnsweredLately);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database is not available: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string reason);
}
