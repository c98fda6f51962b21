using Microsoft.AspNetCore.Http.HttpResults;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Scraping;

namespace NeuroCred.Monitor.Diagnostics;

/// <summary>The diagnosis and its endpoint.</summary>
internal static class DiagnosisServices
{
    /// <summary>Adds the diagnosis, and the scraping of the replicas' metrics that it needs.</summary>
    public static IServiceCollection AddDiagnosis(this IServiceCollection services)
    {
        services.AddSingleton<ServerMetrics>();
        services.AddSingleton<IServerMetricsSource>(provider => provider.GetRequiredService<ServerMetrics>());
        services.AddSingleton<IReplicaMetricsSource>(provider => provider.GetRequiredService<ServerMetrics>());
        services.AddHostedService<MetricsScraper>();
        services.AddSingleton<IDiagnostician, Diagnostician>();
        return services;
    }

    /// <summary>Maps <c>GET /diagnosis</c>: the findings, about a second old at most.</summary>
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
        return TypedResults.Problem(
            statusCode: StatusCodes.Status503ServiceUnavailable,
            title: "No diagnosis yet",
            detail: "The monitor has just started. Ask again in a second."
        );
    }
}
