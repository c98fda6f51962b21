using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace NeuroCred.ServiceDefaults.Errors;

/// <summary>
/// The last handler: a request that cannot be read is the client's error and says where and how to fix it; anything else is a 500
/// that tells the client the request's id and the log the rest.
/// </summary>
internal static partial class UnhandledException
{
    private const int ClientClosedRequest = 499; // nginx's number for it; nobody is left to read it

    // A fallback, and no IExceptionHandler: those run in the order of registration, and a service's own must come first.
    public static ExceptionHandlerOptions Options =>
        new()
        {
            ExceptionHandler = WriteAsync,
            SuppressDiagnosticsCallback = _ => true, // logged here, without what is the client's error
        };

    private static Task WriteAsync(HttpContext context)
    {
        var feature = context.Features.Get<IExceptionHandlerFeature>()!;
        var exception = feature.Error;
        if (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = ClientClosedRequest;
            return Task.CompletedTask;
        }

        var problem = Describe(context, exception);

        // Text that is not UTF-8 may also come from what is stored: only the log can tell.
        if (exception is not BadHttpRequestException)
        {
            var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(UnhandledException).FullName!);
            LogUnhandled(logger, exception, context.Request.Method, feature.Endpoint?.DisplayName ?? "no endpoint");
        }

        return Problems.WriteAsync(context, problem);
    }

    internal static ProblemDetails Describe(HttpContext context, Exception exception) =>
        exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } => new()
            {
                Status = StatusCodes.Status400BadRequest,
                Title = "The body is not the JSON this endpoint reads",
                Detail = $"{Where(json)} Nothing was stored; correct it and send again.",
            },
            BadHttpRequestException
            {
                StatusCode: StatusCodes.Status413PayloadTooLarge or StatusCodes.Status415UnsupportedMediaType,
            } refused => Problems.ForStatus(context, refused.StatusCode),
            InvalidOperationException { InnerException: DecoderFallbackException } => new()
            {
                Status = StatusCodes.Status400BadRequest,
                Title = "The body is not UTF-8",
                Detail = "JSON is UTF-8, and a name or a string of the body is not. Nothing was stored; correct it and send again.",
            },
            BadHttpRequestException bad => new()
            {
                Status = bad.StatusCode,
                Title = "The request cannot be read",
                Detail = "The body is missing or incomplete. Nothing was stored; send a complete JSON body.",
            },
            _ => new()
            {
                Status = StatusCodes.Status500InternalServerError,
                Title = "An error in the service",
                Detail = "The request failed through no fault of yours. Quote requestId when you report it.",
            },
        };

    // The exception's own message names .NET types; its position is what helps.
    private static string Where(JsonException json) =>
        (json.Path is { Length: > 1 } path ? $"The value at {path} cannot be read" : "The JSON cannot be read")
        + (json.LineNumber is { } line ? $" (line {line + 1}, byte {json.BytePositionInLine + 1})." : ".");

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Endpoint} failed")]
    private static partial void LogUnhandled(ILogger logger, Exception exception, string method, string endpoint);
}
