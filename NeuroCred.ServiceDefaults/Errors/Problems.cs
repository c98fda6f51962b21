using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace NeuroCred.ServiceDefaults.Errors;

/// <summary>Errors as problem details (RFC 9457), whatever the client says it accepts.</summary>
public static class Problems
{
    /// <summary>What to say of a body that the server refused for its size.</summary>
    internal static string TooLarge(HttpContext context) =>
        $"The body has more than {context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize} bytes, the most that this "
        + "service reads. Nothing was stored; send smaller batches.";

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

    internal static void AddRequestId(HttpContext context, ProblemDetails problem) =>
        problem.Extensions["requestId"] = context.TraceIdentifier;

    /// <summary>The problem for a response that has an error status and no body, as routing leaves them.</summary>
    internal static ProblemDetails ForStatus(HttpContext context) =>
        new()
        {
            Status = context.Response.StatusCode,
            Detail = context.Response.StatusCode switch
            {
                StatusCodes.Status404NotFound => $"There is nothing at {context.Request.Path}. Check the path.",
                StatusCodes.Status405MethodNotAllowed =>
                    $"{context.Request.Method} is not allowed at {context.Request.Path}. Allowed: {context.Response.Headers.Allow}.",
                StatusCodes.Status413PayloadTooLarge => TooLarge(context),
                StatusCodes.Status415UnsupportedMediaType => "The body must be JSON. Send the header Content-Type: application/json.",
                _ => null,
            },
        };
}
