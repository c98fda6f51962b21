using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using NeuroCred.Api.Bodies;
using NeuroCred.Api.Idempotency;
using NeuroCred.Api.Overload;
using NeuroCred.Api.RateLimiting;
using NeuroCred.Api.Security;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Api.Scores;

/// <summary>The body of POST /api/score.</summary>
internal sealed record ScoreRequest(JsonElement Address) : RequestBody;

internal static class ScoresApi
{
    public static void MapScoresApi(this IEndpointRouteBuilder endpoints)
    {
        var scores = endpoints.MapGroup("/api/score").QueueUnderLoad();
        scores
            .MapPost("/", ComputeAsync)
            .LimitAsScores()
            .Produces<ScoreAnswer>()
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .WithName("ComputeScore")
            .WithSummary(
                "Computes a wallet's score from its stored transactions, once per Idempotency-Key (remembered for at least 24 hours)"
            );
        scores
            .MapMethods("/{address}", ApiMethods.Read, GetAsync)
            .Produces<ScoreAnswer>()
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithName("GetScore")
            .WithSummary("A wallet's current score");
        scores.MapScoreHistoryApi();
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> ComputeAsync(
        ScoreRequest request,
        HttpContext http,
        HttpResponse response,
        ScoreWriter writer
    )
    {
        if (!IdempotencyKey.TryRead(http.Request.Headers[IdempotencyKey.Header], out var key, out var error))
        {
            return ApiProblems.Invalid("A new score needs a usable Idempotency-Key.", new() { [IdempotencyKey.Header] = [error] });
        }

        if (ApiProblems.UnknownFields(request.Others, "address") is { } unknown)
        {
            return unknown;
        }

        var given = request.Address.ValueKind switch
        {
            JsonValueKind.String => request.Address.TryGetText() ?? request.Address.GetGivenText(),
            JsonValueKind.Undefined => null,
            _ => request.Address.GetGivenText(),
        };
        if (!WalletAddress.TryParse(given, out var address) || request.Address.ValueKind != JsonValueKind.String)
        {
            return ApiProblems.BadAddress(given);
        }

        var result = await writer.ComputeAsync(http.GetClient()!, address, key);
        switch (result.Outcome)
        {
            case ScoreOutcome.OtherPayload:
                return OtherPayload();
            case ScoreOutcome.StillRunning:
                response.Headers.RetryAfter = "1";
                return StillRunning();
            case ScoreOutcome.WalletBusy:
                http.CountForLimit();
                response.Headers.RetryAfter = "1";
                return WalletBusy();
            case ScoreOutcome.Replayed:
                response.Headers["Idempotent-Replayed"] = "true";
                break;
        }

        response.Headers["Idempotency-Key-Expires"] = result.KeyExpiresAt.ToString("R");
        response.Headers.CacheControl = "no-store";
        return Json(result.Body!);
    }

    private static async Task<Results<ContentHttpResult, StatusCodeHttpResult, ProblemHttpResult>> GetAsync(
        string address,
        HttpRequest request,
        HttpResponse response,
        ScoreReader reader
    )
    {
        if (!WalletAddress.TryParse(address, out var wallet))
        {
            return ApiProblems.BadAddress(address);
        }

        response.Headers.CacheControl = "private, no-cache"; // may be kept, and must be asked for each time
        if (await reader.FindAsync(wallet, response) is not { } score)
        {
            return ApiProblems.NoScore(wallet);
        }

        var tag = ScoreETag.Of(score);
        response.Headers.ETag = tag;
        return ScoreETag.IsKnown(tag, request) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : Json(score.Text);
    }

    internal static ProblemHttpResult OtherPayload() =>
        ApiProblems.Of(
            StatusCodes.Status422UnprocessableEntity,
            "The Idempotency-Key was used for another request",
            "This key already computed the score of another wallet. Use a new key for a new request."
        );

    internal static ProblemHttpResult StillRunning() =>
        ApiProblems.Of(
            StatusCodes.Status409Conflict,
            "The same request is still running",
            "It did not end while this one waited. Send it again with the same Idempotency-Key."
        );

    internal static ProblemHttpResult WalletBusy() =>
        ApiProblems.Of(
            StatusCodes.Status503ServiceUnavailable,
            "Other scores of this wallet are being computed",
            "They did not end while this request waited, and nothing was computed for it. Send it again with the same Idempotency-Key."
        );

    private static ContentHttpResult Json(string body) => TypedResults.Content(body, "application/json");
}
