using Microsoft.AspNetCore.Http.HttpResults;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Api;

/// <summary>The client's errors that several endpoints share, as problem details.</summary>
internal static class ApiProblems
{
    public static ProblemHttpResult BadAddress(string? given) =>
        Invalid(
            "The wallet address cannot be read.",
            new()
            {
                ["address"] =
                [
                    WalletAddress.FindChecksumProblem(given)
                        ?? $"is {(given is null ? "missing" : $"'{Shorten(given)}'")}; must match {WalletAddress.Pattern}.",
                ],
            }
        );

    public static ProblemHttpResult NoScore(WalletAddress address) =>
        Of(
            StatusCodes.Status404NotFound,
            "This wallet has no score yet",
            $"Nothing was computed for {address}. Send POST /api/score for it first."
        );

    public static ProblemHttpResult Invalid(string detail, Dictionary<string, string[]> errors) =>
        TypedResults.Problem(
            new HttpValidationProblemDetails(errors)
            {
                Status = StatusCodes.Status400BadRequest,
                Title = "The request is not valid",
                Detail = detail,
            }
        );

    /// <summary>What contradicts what is stored, by field.</summary>
    public static ProblemHttpResult Conflict(string title, string detail, Dictionary<string, string[]> errors) =>
        TypedResults.Problem(
            new HttpValidationProblemDetails(errors)
            {
                Status = StatusCodes.Status409Conflict,
                Title = title,
                Detail = detail,
            }
        );

    public static ProblemHttpResult Of(int status, string title, string detail) =>
        TypedResults.Problem(statusCode: status, title: title, detail: detail);

    /// <summary>What a client gave, for quoting.</summary>
    public static string Shorten(string text) => text.Length > 80 ? text[..80] + "..." : text;
}
