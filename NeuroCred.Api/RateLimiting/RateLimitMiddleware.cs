using Microsoft.AspNetCore.Mvc;
using NeuroCred.Api.Telemetry;
using NeuroCred.ServiceDefaults.Errors;

namespace NeuroCred.Api.RateLimiting;

/// <summary>Marks the endpoint that computes scores, which has a limit of its own.</summary>
internal sealed class ScoreRateLimit
{
    public static readonly ScoreRateLimit Instance = new();
}

/// <summary>
/// Answers 429 to a client that sends more than its limits let it. Every answer under <c>/api</c> says what the limit is and what is left
/// of it (draft-ietf-httpapi-ratelimit-headers-10).
/// </summary>
/// <remarks>
/// The framework's own middleware, which queues requests, neither tells an endpoint what is left nor counts in Redis.
/// </remarks>
internal static class RateLimitMiddleware
{
    // The draft's type for it, and its member.
    private const string Type = "https://iana.org/assignments/http-problem-types#quota-exceeded";
    private const string ViolatedPolicies = "violated-policies";

    private static readonly object s_counted = new();

    public static void AddRateLimits(this IServiceCollection services, RateLimits limits)
    {
        services.AddSingleton(limits);
        services.AddSingleton<TokenBuckets>();
    }

    /// <summary>To be called once the client is known, and before the request costs anything.</summary>
    public static void UseRateLimits(this IApplicationBuilder app)
    {
        var buckets = app.ApplicationServices.GetRequiredService<TokenBuckets>();
        app.Use((context, next) => buckets.Find(context) is { } bucket ? LimitAsync(context, next, bucket) : next(context));
    }

    /// <summary>Has an endpoint count for the limit of new scores.</summary>
    public static TBuilder LimitAsScores<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(ScoreRateLimit.Instance);

    /// <summary>Has a request count for its limit even if it is answered 503.</summary>
    public static void CountForLimit(this HttpContext context) => context.Items[s_counted] = true;

    private static async Task LimitAsync(HttpContext context, RequestDelegate next, TokenBucket bucket)
    {
        var answer = await bucket.TakeAsync();
        // When the response starts, not now: handling an exception clears the headers set before.
        context.Response.OnStarting(() =>
        {
            Finish(context.Response, bucket, answer);
            return Task.CompletedTask;
        });
        await (answer.IsAllowed ? next(context) : RefuseAsync(context, answer));
    }

    private static void Finish(HttpResponse response, TokenBucket bucket, TokenAnswer answer)
    {
        // The gateway sends it again, to another replica or to this one: that must not count twice. Who waited in vain for a busy wallet
        // counts, since the wait took a place that others could have had.
        if (response.StatusCode == StatusCodes.Status503ServiceUnavailable && !response.HttpContext.Items.ContainsKey(s_counted))
        {
            bucket.GiveBack();
        }

        response.Headers["RateLimit-Policy"] = answer.Limit.Policy;
        response.Headers["RateLimit"] = $"\"{answer.Limit.Name}\";r={answer.Remaining};t={Seconds(answer.More)}";
    }

    private static Task RefuseAsync(HttpContext context, TokenAnswer answer)
    {
        var (limit, seconds) = (answer.Limit, Seconds(answer.More));
        ApiTelemetry.CountRateLimited(((RouteEndpoint)context.GetEndpoint()!).RoutePattern.RawText!, limit.Name);
        context.Response.Headers.RetryAfter = seconds.ToString();
        return Problems.WriteAsync(
            context,
            new ProblemDetails
            {
                Type = Type,
                Status = StatusCodes.Status429TooManyRequests,
                Title = "This client has sent as many requests as it may",
                Detail =
                    $"Nothing was done about this one. The limit '{limit.Name}' is {limit.PerMinute} requests per minute to this route. "
                    + $"Send it again in {seconds} s.",
                Extensions = { [ViolatedPolicies] = (string[])[limit.Name] },
            }
        );
    }

    private static int Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));
}
