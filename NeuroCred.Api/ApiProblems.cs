using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Api;

/// <summary>The client's errors that several endpoints share, as problem details.</summary>
internal static class ApiProblems
{
    /// <summary>How many errors an answer lists.</summary>
    public const int MaxErrors = 100;

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

    /// <summary>The problem of a body that has fields that nobody reads, or null if it has none: most are misspelt.</summary>
    /// <param name="others">What the body has besides the fields that are read.</param>
    /// <param name="known">The fields that are read.</param>
    public static ProblemHttpResult? UnknownFields(IReadOnlyDictionary<string, JsonElement>? others, params string[] known) =>
        others is { Count: > 0 }
            ? Invalid(
                "The body has a field that is not known. Nothing was stored; correct what errors names and send it again.",
                others.Keys.Take(MaxErrors).GroupBy(Shorten).ToDictionary(name => name.Key, _ => (string[])[UnknownField(known)])
            )
            : null;

    /// <summary>What is wrong with a field that nobody reads.</summary>
    public static string UnknownField(params string[] known) =>
        $"is not known; must be one of {string.Join(", ", known)}. Correct its name, or leave it out.";

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
