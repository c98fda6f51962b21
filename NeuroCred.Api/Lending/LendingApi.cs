using Microsoft.AspNetCore.Http.HttpResults;
using NeuroCred.Api.Overload;
using NeuroCred.Api.Scores;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Api.Lending;

internal static class LendingApi
{
    public static void MapLendingApi(this IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGroup("/api/lending")
            .QueueUnderLoad()
            .MapMethods("/ltv/{address}", ApiMethods.Read, GetLoanToValueAsync)
            .Produces<LoanToValue>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithName("GetLoanToValue")
            .WithSummary("How much may be lent against a wallet's collateral, by its current score");

    private static async Task<Results<Ok<LoanToValue>, ProblemHttpResult>> GetLoanToValueAsync(
        string address,
        HttpResponse response,
        ScoreReader reader
    )
    {
        if (!WalletAddress.TryParse(address, out var wallet))
        {
            return ApiProblems.BadAddress(address);
        }

        response.Headers.CacheControl = "no-store";
        return await reader.FindAsync(wallet, response) is { } score
            ? TypedResults.Ok(LoanToValue.Of(score.Read()))
            : ApiProblems.NoScore(wallet);
    }
}
