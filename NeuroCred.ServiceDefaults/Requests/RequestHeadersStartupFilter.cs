using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using NeuroCred.ServiceDefaults.Lifetime;

namespace NeuroCred.ServiceDefaults.Requests;

/// <summary>Puts the shared headers on every response, from the outermost place of the pipeline, errors included.</summary>
internal sealed class RequestHeadersStartupFilter(ServiceIdentity identity, DrainState drain, TimeProvider time) : IStartupFilter
{
    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, following) =>
        {
            AddHeaders(context);
            return following(context);
        });
        app.UseForwardedHeadersFromGateway();
        next(app);
    };

    private void AddHeaders(HttpContext context)
    {
        var started = time.GetTimestamp();
        var id = RequestId(context.Request.Headers["X-Request-ID"]);
        context.TraceIdentifier = id;
        Activity.Current?.SetTag("neurocred.request.id", id);
        // When the response starts, not now: handling an exception clears the headers set before.
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers["X-Served-By"] = identity.Instance;
            headers["X-Request-ID"] = id;
            headers["X-Response-Time"] = FormattableString.Invariant($"{time.GetElapsedTime(started).TotalMilliseconds:0.0}ms");
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
        given is { Length: > 0 and <= 128 } && !given.AsSpan().ContainsAnyExcept(IdCharacters)
            ? given
            : Guid.CreateVersion7().ToString("N");
}
