using Microsoft.AspNetCore.Diagnostics;
using NeuroCred.ServiceDefaults.Errors;

namespace NeuroCred.Api.Postgres;

/// <summary>
/// Postgres cannot serve, or this replica cannot reach it: one short answer that says when to come back. 503, because another replica may
/// be able to: the gateway asks it.
/// </summary>
internal sealed partial class DatabaseExceptionHandler(ILogger<DatabaseExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!DatabaseFaults.IsUnavailable(exception))
        {
            return false;
        }

        if (exception is not DatabaseUnreachableException) // the circuit said so when it opened
        {
            LogUnavailable(logger, DatabaseFaults.Describe(exception));
        }

        await Problems.WriteUnavailableAsync(
            httpContext,
            "The database is not available",
            "The request was not carried out, or its outcome is unknown. Send it again: every request is safe to resend."
        );
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The database is not available: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string reason);
}
