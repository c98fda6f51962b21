using System.Diagnostics;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NeuroCred.ServiceDefaults.Lifetime;
using NeuroCred.ServiceDefaults.Requests;

namespace NeuroCred.ServiceDefaults.Health;

internal static class HealthEndpoints
{
    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];
    private static readonly DateTimeOffset s_started = ReadStart();

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapMethods("/health", s_methods, WriteLivenessAsync)
            .DisableHttpMetrics()
            .Produces<LivenessAnswer>()
            .WithName("Liveness")
            .WithSummary("200 while the process runs; touches nothing");
        endpoints
            .MapMethods("/health/ready", s_methods, WriteReadinessAsync)
            .DisableHttpMetrics()
            .Produces<ReadinessAnswer>()
            .Produces<ReadinessAnswer>(StatusCodes.Status503ServiceUnavailable)
            .WithName("Readiness")
            .WithSummary("200 while this instance can serve (ready or degraded), 503 when it cannot");
    }

    private static Task WriteLivenessAsync(HttpContext context, DrainState drain, ServiceIdentity identity)
    {
        var outside = GatewayRequest.IsMarked(context);
        var answer = new LivenessAnswer(
            "healthy",
            identity.Service,
            identity.Version,
            outside ? null : s_started,
            outside ? null : drain.IsDraining
        );
        return WriteAsync(context, StatusCodes.Status200OK, answer, HealthJson.Default.LivenessAnswer);
    }

    private static async Task WriteReadinessAsync(HttpContext context, ReadinessProbe probe, DrainState drain, ServiceIdentity identity)
    {
        var report = drain.IsDraining ? new([]) : await probe.CheckAsync();
        var answer = ReadinessAnswer.From(report, identity, drain.IsDraining, outside: GatewayRequest.IsMarked(context));
        var status = answer.Status == "not_ready" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        await WriteAsync(context, status, answer, HealthJson.Default.ReadinessAnswer);
    }

    private static DateTimeOffset ReadStart()
    {
        using var process = Process.GetCurrentProcess();
        return process.StartTime.ToUniversalTime();
    }

    private static Task WriteAsync<T>(HttpContext context, int status, T body, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(body, type, "application/json", context.RequestAborted);
    }
}
