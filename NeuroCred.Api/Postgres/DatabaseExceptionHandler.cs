using Microsoft.AspNetCore.Diagnostics;
using NeuroCred.Api.Configuration;
using NeuroCred.ServiceDefaults.Errors;

namespace NeuroCred.Api.Postgres;

/// <summary>Postgres cannot serve: one short answer that says when to come back.</summary>
internal sealed partial class DatabaseExceptionHandler(ApiOptions options, ILogger<DatabaseExceptionHandler> logger) : IExceptionHandler
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
            Status = options.DependencyDownStatus,
            Title = "The database is not available",
            Detail = "The request was not carried out, or its outcome is unknown. Send it again: every request is safe to resend.",
        });
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The database is not available: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string reason);
}
