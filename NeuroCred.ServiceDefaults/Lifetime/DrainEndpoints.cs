using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using NeuroCred.ServiceDefaults.Management;

namespace NeuroCred.ServiceDefaults.Lifetime;

/// <summary>An operator's drain, in band: traffic leaves an instance that goes on running, and comes back.</summary>
public static partial class DrainEndpoints
{
    internal const string Path = "/drain";

    /// <summary>
    /// Maps <c>PUT /drain</c>, which drains this instance, and <c>DELETE /drain</c>, which takes that back; both may be repeated. They
    /// are on the management port, if there is one. Who may call them is for the caller to require. A process that was told to stop answers
    /// DELETE with 409.
    /// </summary>
    /// <param name="endpoints">Where to map them.</param>
    /// <returns>Both endpoints, to be protected.</returns>
    /// <example><code>app.MapDrain().RequireAuthorization();</code></example>
    public static IEndpointConventionBuilder MapDrain(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var drain = endpoints.MapGroup(Path).OnManagementPort();
        drain.MapPut("/", Drain).WithName("Drain").WithSummary("Sends this instance's traffic elsewhere until DELETE /drain");
        drain.MapDelete("/", Resume).WithName("Resume").WithSummary("Ends the drain: this instance serves again");
        return drain;
    }

    private static JsonHttpResult<DrainAnswer> Drain(DrainState state, ILogger<DrainState> logger)
    {
        if (!state.IsRefusing)
        {
            LogDrained(logger);
        }

        state.Drain();
        return Answer(state);
    }

    private static Results<JsonHttpResult<DrainAnswer>, ProblemHttpResult> Resume(DrainState state, ILogger<DrainState> logger)
    {
        var drained = state.IsRefusing;
        if (!state.TryResume())
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status409Conflict,
                title: "This instance stops",
                detail: "It was told to stop, which cannot be taken back. Start it again, or another in its place."
            );
        }

        if (drained)
        {
            LogResumed(logger);
        }

        return Answer(state);
    }

    private static JsonHttpResult<DrainAnswer> Answer(DrainState state) =>
        TypedResults.Json(new(state.IsDraining), DrainJson.Default.DrainAnswer);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Drained by an operator: not ready, new requests are refused until DELETE /drain"
    )]
    private static partial void LogDrained(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "The operator's drain has ended: serving again")]
    private static partial void LogResumed(ILogger logger);
}

/// <summary>The body of both answers.</summary>
internal sealed record DrainAnswer(bool Draining);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DrainAnswer))]
internal sealed partial class DrainJson : JsonSerializerContext;
