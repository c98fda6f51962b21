using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NeuroCred.ServiceDefaults.Lifetime;
using NeuroCred.ServiceDefaults.Telemetry;

namespace NeuroCred.ServiceDefaults.Requests;

/// <summary>
/// Puts the shared headers on every response, and the request's id on its span and on every line that it logs, from the outermost place
/// of the pipeline, errors included.
/// </summary>
internal sealed class RequestHeadersStartupFilter(
    ServiceIdentity identity,
    DrainState drain,
    ServiceMetrics metrics,
    TimeProvider time,
    ILogger<RequestHeadersStartupFilter> logger
) : IStartupFilter
{
    /// <summary>The id's name on spans and log lines; <c>RequestId</c> is the framework's, which numbers a connection's requests.</summary>
    private const string IdAttribute = "neurocred.request.id";

    private static readonly SearchValues<char> s_idCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    );

    private readonly RecentRequestIds _recent = new();

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.Use(
                async (context, following) =>
                {
                    GatewayRequest.Mark(context);
                    var id = RequestId(context.Request.Headers["X-Request-ID"]);
                    AddHeaders(context, id);
                    if (_recent.IsRepeated(id))
                    {
                        metrics.CountRepeated();
                    }

                    using (logger.BeginScope(new KeyValuePair<string, object?>[] { new(IdAttribute, id) }))
                    {
                        await following(context);
                    }
                }
            );
            app.UseForwardedHeadersFromGateway();
            next(app);
        };

    private void AddHeaders(HttpContext context, string id)
    {
        var started = time.GetTimestamp();
        context.TraceIdentifier = id;
        Activity.Current?.SetTag(IdAttribute, id);
        // When the response starts, not now: handling an exception clears the headers set before.
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers["X-Served-By"] = identity.Instance;
            headers["X-Request-ID"] = id;
            headers.XContentTypeOptions = "nosniff";
            headers["X-Response-Time"] = $"{time.GetElapsedTime(started).TotalMilliseconds:0.0}ms";
            // A balancer that keeps connections must not choose this one again. HTTP/2 says the same with GOAWAY, by itself.
            if (drain.IsDraining && HttpProtocol.IsHttp11(context.Request.Protocol))
            {
                headers.Connection = "close";
            }

            return Task.CompletedTask;
        });
    }

    /// <summary>The caller's id when it is safe to log and echo, else a new one.</summary>
    internal static string RequestId(string? given) =>
        given is { Length: > 0 and <= 128 } && !given.AsSpan().ContainsAnyExcept(s_idCharacters)
            ? given
            : Guid.CreateVersion7().ToString("N");
}
