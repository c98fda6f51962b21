using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Api.Scores;

/// <summary>A wallet's earlier scores, and how they changed.</summary>
internal static class ScoreHistoryApi
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    /// <param name="scores">The group <c>/api/score</c>.</param>
    public static void MapScoreHistoryApi(this IEndpointRouteBuilder scores)
    {
        scores
            .MapMethods("/{address}/history", ApiMethods.Read, GetHistoryAsync)
            .Produces<ScoreHistoryAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithName("GetScoreHistory")
            .WithSummary("A wallet's scores, newest first, page by page: ?limit= 1 to 100 (default 20), ?before= a sequence");
        scores
            .MapMethods("/{address}/trends", ApiMethods.Read, GetTrendAsync)
            .Produces<ScoreTrend>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithName("GetScoreTrends")
            .WithSummary("How a wallet's score changed within 30 days");
    }

    private static async Task<Results<Ok<ScoreHistoryAnswer>, ProblemHttpResult>> GetHistoryAsync(
        string address,
        string? limit,
        string? before,
        HttpResponse response,
        ScoreHistoryReader reader
    )
    {
        if (!WalletAddress.TryParse(address, out var wallet))
        {
            return ApiProblems.BadAddress(address);
        }

        if (ReadPage(limit, before, out var page) is { Count: > 0 } errors)
        {
            return ApiProblems.Invalid("The page of the history cannot be read.", errors);
        }

        if (await reader.ReadPageAsync(wallet, page.Before, page.Limit) is not { } history)
        {
            return ApiProblems.NoScore(wallet);
        }

        response.Headers.CacheControl = "no-store";
        if (history.Next is { } next)
        {
            response.Headers.Link = $"</api/score/{history.Address}/history?limit={page.Limit}&before={next}>; rel=\"next\"";
        }

        return TypedResults.Ok(history);
    }

    private static async Task<Results<Ok<ScoreTrend>, ProblemHttpResult>> GetTrendAsync(
        string address,
        HttpResponse response,
        ScoreHistoryReader reader
    )
    {
        if (!WalletAddress.TryParse(address, out var wallet))
        {
            return ApiProblems.BadAddress(address);
        }

        if (await reader.ReadTrendAsync(wallet) is not { } trend)
        {
            return ApiProblems.NoScore(wallet);
        }

        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(trend);
    }

    private static Dictionary<string, string[]> ReadPage(string? limit, string? before, out (int Limit, long Before) page)
    {
        page = (DefaultLimit, long.MaxValue);
        Dictionary<string, string[]> errors = [];
        if (limit is not null && !(int.TryParse(limit, NumberStyles.None, null, out page.Limit) && page.Limit is >= 1 and <= MaxLimit))
        {
            errors["limit"] = [$"is '{ApiProblems.Shorten(limit)}'; must be a number of scores from 1 to {MaxLimit}."];
        }

        if (before is not null && !(long.TryParse(before, NumberStyles.None, null, out page.Before) && page.Before >= 1))
        {
            errors["before"] = [$"is '{ApiProblems.Shorten(before)}'; must be a sequence, such as the last answer's next."];
        }

        return errors;
    }
}
