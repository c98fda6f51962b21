using NeuroCred.Api.Configuration;
using NeuroCred.ServiceDefaults.Errors;

namespace NeuroCred.Api.Security;

/// <summary>Marks an endpoint outside of <c>/api</c> that needs a key with a scope.</summary>
internal sealed record ScopeRequired(Scopes Scope);

/// <summary>
/// Refuses a request without a valid API key, or whose key lacks the scope, before its body is read. Under <c>/api</c> every endpoint
/// needs one: to read, <see cref="Scopes.Read"/> (unless <c>Api:PublicReads</c>), else <see cref="Scopes.Write"/>.
/// </summary>
internal static class ApiKeyMiddleware
{
    public const string Header = "X-API-Key";

    /// <summary>
    /// The WebSocket subprotocol that is agreed on when a client offers it. A browser cannot set headers: it also offers one that is
    /// <see cref="ProtocolOfKey"/> followed by the key, which is never sent back.
    /// </summary>
    public const string Protocol = "neurocred",
        ProtocolOfKey = "neurocred.key.";

    public static void UseApiKey(this IApplicationBuilder app)
    {
        var keys = app.ApplicationServices.GetRequiredService<ApiKeys>();
        var publicReads = app.ApplicationServices.GetRequiredService<ApiOptions>().PublicReads;
        app.Use(
            async (context, next) =>
            {
                var needed = FindNeeded(context, publicReads);
                var given = FindGiven(context);
                var key =
                    context.Features.Get<ApiKey>() // of a request that does not come from outside, as in the warm-up
                    ?? given switch
                    {
                        null or "" => null,
                        _ when needed == Scopes.None => keys.FindAmongLast(given),
                        _ when needed == Scopes.Operate => await keys.FindForOperatingAsync(given),
                        _ => await keys.FindAsync(given),
                    };
                if (key is not null)
                {
                    context.Features.Set(key);
                }

                await (
                    needed == Scopes.None || key?.Scopes.HasFlag(needed) == true ? next(context)
                    : key is null ? RefuseAsync(context, given)
                    : RefuseAsync(context, key, needed)
                );
            }
        );
    }

    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, Scopes scope)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new ScopeRequired(scope));

    // A path without an endpoint, or a method that is not allowed, is said without asking for a key; and a browser asks with OPTIONS, and
    // without a key, whether it may send one.
    private static Scopes FindNeeded(HttpContext context, bool publicReads) =>
        context.GetEndpoint() switch
        {
            { Metadata: var metadata } when metadata.GetMetadata<ScopeRequired>() is { Scope: var scope } => scope,
            RouteEndpoint when context.Request.Path.StartsWithSegments("/api") && !HttpMethods.IsOptions(context.Request.Method) =>
                !ApiMethods.IsRead(context.Request.Method) ? Scopes.Write
                : publicReads ? Scopes.None
                : Scopes.Read,
            _ => Scopes.None,
        };

    private static string? FindGiven(HttpContext context) =>
        context.Request.Headers.TryGetValue(Header, out var header) ? header.ToString()
        : context.WebSockets.IsWebSocketRequest
            ? context
                .WebSockets.WebSocketRequestedProtocols.FirstOrDefault(p => p.StartsWith(ProtocolOfKey, StringComparison.Ordinal))
                ?[ProtocolOfKey.Length..]
        : null;

    // The same answer for an unknown, an expired and a revoked key.
    private static Task RefuseAsync(HttpContext context, string? given)
    {
        context.Response.Headers.WWWAuthenticate = "ApiKey"; // a 401 must name a scheme (RFC 9110, 11.6.1)
        return Problems.WriteAsync(
            context,
            new()
            {
                Status = StatusCodes.Status401Unauthorized,
                Detail =
                    $"The header {Header} is {(given is null ? "missing" : "not a valid key")}. Send the API key of this service in it.",
            }
        );
    }

    private static Task RefuseAsync(HttpContext context, ApiKey key, Scopes needed) =>
        Problems.WriteAsync(
            context,
            new()
            {
                Status = StatusCodes.Status403Forbidden,
                Detail =
                    $"This needs the scope {needed.ToNames()[0]}, and the key has {string.Join(" and ", key.Scopes.ToNames())} alone. "
                    + "Send a key that has it.",
            }
        );
}
