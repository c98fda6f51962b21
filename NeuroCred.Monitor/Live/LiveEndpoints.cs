using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.HttpResults;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Snapshots;

namespace NeuroCred.Monitor.Live;

/// <summary>
/// The snapshots for a browser and for programs: as server-sent events (<c>/events</c>), the latest one (<c>/snapshot</c>), and its
/// findings alone (<c>/diagnosis</c>).
/// </summary>
internal static partial class LiveEndpoints
{
    /// <summary>
    /// How many clients may follow <c>/events</c> at a time; a browser's tab is one. The monitor shares a machine with what it watches.
    /// </summary>
    public const int MostFollowers = 50;

    /// <summary>Adds what the endpoints need, except <see cref="SnapshotFeed"/>.</summary>
    public static void AddLive(this IServiceCollection services) =>
        services.AddSingleton(_ => new ConcurrencyLimiter(new() { PermitLimit = MostFollowers }));

    /// <summary>Maps <c>GET /events</c>, <c>GET /snapshot</c> and <c>GET /diagnosis</c>.</summary>
    public static void MapLive(this IEndpointRouteBuilder app)
    {
        app.MapGet("/events", Follow).WithSummary("Follows the system: server-sent events, one each second.");
        app.MapGet(
                "/snapshot",
                (HttpContext context, SnapshotFeed feed) =>
                    Latest(context, feed, "snapshot", latest => TypedResults.Json(latest, MonitorJson.Default.SystemSnapshot))
            )
            .WithSummary("The latest snapshot, with the last two minutes.");
        app.MapGet(
                "/diagnosis",
                (HttpContext context, SnapshotFeed feed) =>
                    Latest(context, feed, "diagnosis", latest => TypedResults.Json(latest.Diagnosis, MonitorJson.Default.Diagnosis))
            )
            .WithSummary("What is wrong, why, and what to do.");
    }

    private static IResult Follow(
        HttpContext context,
        ConcurrencyLimiter followers,
        SnapshotFeed feed,
        TimeProvider time,
        IHostApplicationLifetime lifetime,
        ILogger<LiveEvents> logger
    )
    {
        var place = followers.AttemptAcquire();

        // Whether the events are read or not, the place is free again when the request is over.
        context.Response.RegisterForDispose(place);
        if (!place.IsAcquired)
        {
            return Problem(
                context,
                retryAfter: "5",
                "Too many followers",
                $"{MostFollowers} clients follow already. Close one of them, or poll /snapshot."
            );
        }

        var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.RegisterForDispose(ending);
        return TypedResults.ServerSentEvents(new LiveEvents(feed, time, Drop).ReadAsync(ending.Token));

        void Drop()
        {
            LogSlow(logger, LiveEvents.SendTimeout.TotalSeconds);
            context.Abort();
        }
    }

    private static IResult Latest(HttpContext context, SnapshotFeed feed, string what, Func<SystemSnapshot, IResult> answer)
    {
        if (feed.Latest is not { } latest)
        {
            return Problem(context, retryAfter: "1", $"No {what} yet", "The monitor has just been started. Ask again in a second.");
        }

        context.Response.Headers.CacheControl = "no-store";
        return answer(latest);
    }

    private static ProblemHttpResult Problem(HttpContext context, string retryAfter, string title, string detail)
    {
        context.Response.Headers.RetryAfter = retryAfter;
        return TypedResults.Problem(
            detail,
            statusCode: StatusCodes.Status503ServiceUnavailable,
            title: title,
            extensions: new Dictionary<string, object?> { ["requestId"] = context.TraceIdentifier }
        );
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Disconnected a client that read no event for {Seconds} s")]
    private static partial void LogSlow(ILogger logger, double seconds);
}
