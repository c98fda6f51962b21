using Microsoft.AspNetCore.Http.HttpResults;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Live;

/// <summary>The snapshots for a browser: as server-sent events (<c>/events</c>), and the latest one (<c>/snapshot</c>).</summary>
internal static partial class LiveEndpoints
{
    /// <summary>Adds what the endpoints need, except <see cref="ISnapshotFeed"/>.</summary>
    /// <param name="services">Where to.</param>
    /// <returns>The same.</returns>
    public static IServiceCollection AddLive(this IServiceCollection services) => services.AddSingleton<Followers>();

    /// <summary>Maps <c>GET /events</c> and <c>GET /snapshot</c>.</summary>
    /// <param name="app">Where to.</param>
    /// <returns>The same.</returns>
    public static IEndpointRouteBuilder MapLive(this IEndpointRouteBuilder app)
    {
        app.MapGet("/events", Follow).WithSummary("Follows the system: server-sent events, one each second.");
        app.MapGet("/snapshot", Latest).WithSummary("The latest snapshot, with the last two minutes.");
        return app;
    }

    private static IResult Follow(
        HttpContext context,
        Followers clients,
        ISnapshotFeed feed,
        TimeProvider time,
        IHostApplicationLifetime lifetime,
        ILogger<Followers> logger
    )
    {
        if (!clients.TryEnter(out var place))
        {
            return TooMany(context);
        }

        // Whether the events are read or not, the place is free again when the request is over.
        context.Response.RegisterForDispose(place);
        var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.RegisterForDispose(ending);
        return TypedResults.ServerSentEvents(new LiveEvents(feed, time, Drop).ReadAsync(ending.Token));

        void Drop()
        {
            LogSlow(logger, LiveEvents.SendTimeout.TotalSeconds);
            context.Abort();
        }
    }

    private static IResult Latest(HttpContext context, ISnapshotFeed feed)
    {
        if (feed.Latest is not { } latest)
        {
            context.Response.Headers.RetryAfter = "1";
            return Problem(context, "No snapshot yet", "The monitor has just been started. Ask again in a second.");
        }

        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(latest, MonitorJson.Default.SystemSnapshot);
    }

    private static ProblemHttpResult TooMany(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "5";
        return Problem(context, "Too many followers", $"{Followers.Most} clients follow already. Close one of them, or poll /snapshot.");
    }

    private static ProblemHttpResult Problem(HttpContext context, string title, string detail) =>
        TypedResults.Problem(
            detail,
            statusCode: StatusCodes.Status503ServiceUnavailable,
            title: title,
            extensions: new Dictionary<string, object?> { ["requestId"] = context.TraceIdentifier }
        );

    [LoggerMessage(Level = LogLevel.Information, Message = "Disconnected a client that read no event for {Seconds} s")]
    private static partial void LogSlow(ILogger logger, double seconds);
}
