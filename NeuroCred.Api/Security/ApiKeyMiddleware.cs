using NeuroCred.ServiceDefaults.Errors;

namespace NeuroCred.Api.Security;

/// <summary>Marks an endpoint that only the holder of the API key may call.</summary>
internal sealed class ApiKeyRequired
{
    public static readonly ApiKeyRequired Instance = new();
}

/// <summary>Refuses a request without the API key before its body is read, with the same answer for a missing and a wrong key.</summary>
internal static class ApiKeyMiddleware
{
    public const string Header = "X-API-Key";

    public static void UseApiKey(this IApplicationBuilder app)
    {
        var key = app.ApplicationServices.GetRequiredService<ApiKey>();
        app.Use(
            (context, next) =>
            {
                var required = context.GetEndpoint()?.Metadata.GetMetadata<ApiKeyRequired>() is not null;
                if (key.Matches(context.Request.Headers[Header]))
                {
                    context.Features.Set(key.Client);
                    return next(context);
                }
                if (!required)
                {
                    return next(context);
                }
                context.Response.Headers.WWWAuthenticate = "ApiKey"; // a 401 must name a scheme (RFC 9110, 11.6.1)
                var given = context.Request.Headers.ContainsKey(Header);
                return Problems.WriteAsync(
                    context,
                    new()
                    {
                        Status = StatusCodes.Status401Unauthorized,
                        Detail =
                            $"The header {Header} is {(given ? "not a valid key" : "missing")}. Send the API key of this service in it.",
                    }
                );
            }
        );
    }

    public static TBuilder RequireApiKey<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(ApiKeyRequired.Instance);
}
