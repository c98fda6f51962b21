using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;
using NeuroCred.Api.Idempotency;
using NeuroCred.Api.Security;
using NeuroCred.Settings;

namespace NeuroCred.Api.Browsers;

/// <summary>Which sites' scripts may call the API from a browser (CORS).</summary>
internal static class CorsServices
{
    private const string OriginsKey = "Cors:Origins";
    private static readonly TimeSpan s_preflightAge = TimeSpan.FromHours(1); // how long a browser asks no more

    /// <summary>Reads <c>Cors:Origins</c>: origins with commas between, such as <c>https://app.example</c>. Default: none.</summary>
    public static void AddCorsOrigins(this WebApplicationBuilder builder, SettingsReader settings)
    {
        if (ReadOrigins(settings) is { Length: > 0 } origins)
        {
            builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => Allow(policy, origins)));
        }
    }

    /// <summary>To be called after routing and before API keys are checked: a browser asks without one whether it may send one.</summary>
    public static void UseCorsOrigins(this WebApplication app)
    {
        if (app.Services.GetService<ICorsService>() is not null)
        {
            app.UseCors();
        }
    }

    internal static string[] ReadOrigins(SettingsReader settings)
    {
        List<string> origins = [];
        foreach (
            var given in (settings.Text(OriginsKey) ?? "").Split(
                ',',
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
            )
        )
        {
            if (Uri.TryCreate(given, UriKind.Absolute, out var uri) && IsOrigin(uri))
            {
                origins.Add(uri.GetLeftPart(UriPartial.Authority)); // without a port that is the scheme's own, as browsers send it
            }
            else
            {
                settings.Report(
                    OriginsKey,
                    $"has '{given}': give origins such as https://app.example or http://localhost:3000, with commas between: "
                        + "a scheme, a host, and a port that is not the scheme's own. A path is no part of one."
                );
            }
        }

        return [.. origins];
    }

    private static bool IsOrigin(Uri uri) =>
        (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri is { PathAndQuery: "/", UserInfo: "", Fragment: "" }
        && !uri.Host.Contains('*', StringComparison.Ordinal);

    private static void Allow(CorsPolicyBuilder policy, string[] origins) =>
        policy
            .WithOrigins(origins)
            .WithMethods(HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put)
            .WithHeaders(HeaderNames.ContentType, HeaderNames.IfNoneMatch, ApiKeyMiddleware.Header, IdempotencyKey.Header, "X-Request-ID")
            .WithExposedHeaders(
                HeaderNames.ETag,
                HeaderNames.Link,
                HeaderNames.RetryAfter,
                "Idempotent-Replayed",
                "Idempotency-Key-Expires",
                "RateLimit",
                "RateLimit-Policy",
                "X-Cache",
                "X-Request-ID",
                "X-Response-Time",
                "X-Served-By"
            )
            .SetPreflightMaxAge(s_preflightAge);
}
