using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NeuroCred.ServiceDefaults.Errors;
using NeuroCred.ServiceDefaults.Telemetry;

namespace NeuroCred.ServiceDefaults.Lifetime;

/// <summary>
/// Refuses new requests while an operator drains this instance. From an instance, 503 tells the gateway that another one can: it sends
/// the request there, and the client notices nothing.
/// </summary>
internal static class DrainGate
{
    public static void UseDrainGate(this IApplicationBuilder app)
    {
        var drain = app.ApplicationServices.GetRequiredService<DrainState>();
        app.Use((context, next) => drain.IsRefusing && !IsAboutThisInstance(context.Request.Path) ? RefuseAsync(context) : next(context));
    }

    private static Task RefuseAsync(HttpContext context) =>
        Problems.WriteUnavailableAsync(
            context,
            "This instance is draining",
            "It takes no new requests, and did nothing about this one. Send it again: another instance answers."
        );

    // What is asked of one instance, and cannot be answered by another.
    private static bool IsAboutThisInstance(PathString path) =>
        path.StartsWithSegments("/health") || path.StartsWithSegments(MetricsEndpoint.Path) || path.StartsWithSegments(DrainEndpoints.Path);
}
