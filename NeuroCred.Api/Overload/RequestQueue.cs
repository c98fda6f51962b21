using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using NeuroCred.Api.Configuration;
using NeuroCred.ServiceDefaults.Errors;

namespace NeuroCred.Api.Overload;

/// <summary>
/// How many requests are worked on at once. What comes on top waits in a queue whose length is a metric, which is what to scale on; without
/// it the same requests would pile up unseen before the database, and all be late. When the queue is full too, another replica can: 503.
/// </summary>
internal static class RequestQueue
{
    private const string Policy = "requests";

    public static void AddRequestQueue(
        this IServiceCollection services,
        int maxConcurrentRequests,
        int length = DatabaseDefaults.QueuedRequests
    ) =>
        services.AddRateLimiter(limiter =>
        {
            limiter.AddConcurrencyLimiter(
                Policy,
                requests =>
                {
                    requests.PermitLimit = maxConcurrentRequests;
                    requests.QueueLimit = length;
                    requests.QueueProcessingOrder = QueueProcessingOrder.OldestFirst;
                }
            );
            limiter.OnRejected = (rejected, _) =>
                new(
                    Problems.WriteUnavailableAsync(
                        rejected.HttpContext,
                        "This replica has as many requests as it can queue",
                        "It did nothing about this one. Send it again: another replica answers."
                    )
                );
        });

    /// <summary>Puts the queue before an endpoint.</summary>
    public static TBuilder QueueUnderLoad<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireRateLimiting(Policy);
}
