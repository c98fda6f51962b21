using Microsoft.Net.Http.Headers;
using NeuroCred.ServiceDefaults.Errors;

namespace NeuroCred.Api.Bodies;

/// <summary>
/// Refuses a body in another encoding than UTF-8, the one that JSON has between systems (RFC 8259, 8.1), and one that is compressed. The
/// framework knows the encoding by a few of its names only, and takes any other for an error of the service.
/// </summary>
internal static class JsonBodyMiddleware
{
    private static readonly string[] s_utf8 = ["utf-8", "utf8"];

    /// <summary>Checks the headers of a body before it is read.</summary>
    public static void UseJsonBodies(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                var request = context.Request;
                if (
                    request.Headers.ContentEncoding is { Count: > 0 } coding
                    && !string.Equals(coding, "identity", StringComparison.OrdinalIgnoreCase)
                )
                {
                    context.Response.Headers.AcceptEncoding = "identity"; // what would have been read (RFC 9110, 15.5.16)
                    return RefuseAsync(
                        context,
                        $"Content-Encoding is '{ApiProblems.Shorten(coding.ToString())}'. Send the body without compression, and "
                            + "without that header."
                    );
                }

                if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Charset.HasValue)
                {
                    var charset = HeaderUtilities.RemoveQuotes(type.Charset);
                    if (charset.Length > 0 && !s_utf8.Any(name => charset.Equals(name, StringComparison.OrdinalIgnoreCase)))
                    {
                        return RefuseAsync(
                            context,
                            $"Content-Type has the charset '{ApiProblems.Shorten(charset.ToString())}'. Send the body in UTF-8, with "
                                + "Content-Type: application/json."
                        );
                    }

                    request.ContentType = type.MediaType.Value;
                }

                return next(context);
            }
        );

    private static Task RefuseAsync(HttpContext context, string detail) =>
        Problems.WriteAsync(
            context,
            new() { Status = StatusCodes.Status415UnsupportedMediaType, Detail = $"{detail} Nothing was stored." }
        );
}
