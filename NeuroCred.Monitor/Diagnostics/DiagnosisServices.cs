using Microsoft.AspNetCore.Http.HttpResults;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Scraping;

namespace NeuroCred.Monitor.Diagnostics;

/// <summary>What makes the monitor say what is wrong.</summary>
internal static class DiagnosisServices
{
    /// <summary>Adds the diagnosis, and the scraping that it is made from.</summary>
    public static IServiceCollection AddDiagnosis(this IServiceCollection services)
    {
        services.AddSingleton<ServerMetrics>();
        services.AddSingleton<IServerMetricsSource>(provider => provider.GetRequiredService<ServerMetrics>());
        services.AddSingleton<IReplicaMetricsSource>(provider => provider.GetRequiredService<ServerMetrics>());
        services.AddHostedService<MetricsScraper>();
        services.AddSingleton<IDiagnostician, Diagnostician>();
        return services;
    }

    /// <summary>Maps <c>GET /diagnosis</c>: what is wrong, as of the last look, which is at most about a second old.</summary>
    public static IEndpointRouteBuilder MapDiagnosis(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/diagnosis", Read).WithName("Diagnosis").WithSummary("What is wrong, why, and what to do");
        return endpoints;
    }

    private static Results<JsonHttpResult<Diagnosis>, ProblemHttpResult> Read(ISnapshotFeed feed, HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (feed.Latest is { } latest)
        {
            return TypedResults.Json(latest.Diagnosis, MonitorJson.Default.Diagnosis);
        }

        context.Response.Headers.RetryAfter = "1";
        return TypedResults.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, title: "Not known yet",
            detail: "The monitor has just started and has not looked yet. Ask again in a second.");
    }
}
