using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace NeuroCred.ServiceDefaults.Errors;

/// <summary>Errors as problem details (RFC 9457), whatever the client says it accepts.</summary>
public static class Problems
{
    /// <summary>Writes a problem with its own status.</summary>
    /// <param name="context">The request that failed; its response must not have started.</param>
    /// <param name="problem">What to say.</param>
    public static Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(problem);
        AddRequestId(context, problem);
        return TypedResults.Problem(problem).ExecuteAsync(context);
    }

    /// <summary>Writes 503, which says that another instance can serve the request, and <c>Retry-After: 1</c>.</summary>
    /// <param name="context">The request; its response must not have started.</param>
    /// <param name="title">What keeps this instance from it, in short.</param>
    /// <param name="detail">What became of the request, and what to do.</param>
    public static Task WriteUnavailableAsync(HttpContext context, string title, string detail)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.Headers.RetryAfter = "1";
        return WriteAsync(
            context,
            new()
            {
                Status = StatusCodes.Status503ServiceUnavailable,
                Title = title,
                Detail = detail,
            }
        );
    }

    internal static void AddRequestId(HttpContext context, ProblemDetails problem) =>
        problem.Extensions["requestId"] = context.TraceIdentifier;

    /// <summary>The problem for an error of which the status is all that is known.</summary>
    internal static ProblemDetails ForStatus(HttpContext context, int status) =>
        new()
        {
            Status = status,
            Detail = status switch
            {
                StatusCodes.Status404NotFound => $"There is nothing at {context.Request.Path}. Check the path.",
                StatusCodes.Status405MethodNotAllowed =>
                    $"{context.Request.Method} is not allowed at {context.Request.Path}. Allowed: {context.Response.Headers.Allow}.",
                StatusCodes.Status413PayloadTooLarge =>
                    $"The body has more than {context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize} bytes, the most "
                        + "that this service reads. Nothing was stored; send smaller batches.",
                StatusCodes.Status415UnsupportedMediaType => "The body must be JSON. Send the header Content-Type: application/json.",
                _ => null,
            },
        };
}
