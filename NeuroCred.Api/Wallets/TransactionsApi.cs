using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using NeuroCred.Api.Bodies;
using NeuroCred.Api.Overload;
using NeuroCred.Api.Retention;
using NeuroCred.Api.Security;
using NeuroCred.Api.Telemetry;

namespace NeuroCred.Api.Wallets;

/// <summary>The body of POST transactions. If some of them are wrong, the answer names every error.</summary>
internal sealed record TransactionsRequest(JsonElement Transactions) : RequestBody;

/// <summary>What became of a batch.</summary>
/// <param name="Accepted">New transactions, stored now.</param>
/// <param name="Duplicates">Transactions that were stored before, or repeated in the batch.</param>
internal sealed record TransactionsAnswer(int Accepted, int Duplicates);

internal static class TransactionsApi
{
    public static void MapTransactionsApi(this IEndpointRouteBuilder endpoints)
    {
        var wallets = endpoints.MapGroup("/api/wallets/{address}");
        wallets
            .MapPost("/transactions", AddAsync)
            .QueueUnderLoad()
            .WithName("AddTransactions")
            .WithSummary($"Stores up to {TransactionBatch.MaxTransactions} transactions, each once per wallet and hash; all or none")
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<TransactionsAnswer>, ProblemHttpResult>> AddAsync(
        string address,
        TransactionsRequest request,
        HttpContext http,
        TransactionStore store,
        RetentionOptions retention,
        TimeProvider time
    )
    {
        if (!WalletAddress.TryParse(address, out var wallet))
        {
            return ApiProblems.BadAddress(address);
        }

        if (ApiProblems.UnknownFields(request.Others, "transactions") is { } unknown)
        {
            return unknown;
        }

        var now = time.GetUtcNow();
        var earliest = retention.EarliestTransaction(now) ?? DateTimeOffset.MinValue;
        if (TransactionBatch.Read(request.Transactions, earliest, now, out var errors) is not { } batch)
        {
            return ApiProblems.Invalid(
                "The batch was refused as a whole; nothing was stored. Correct what errors names and send it again.",
                errors
            );
        }

        var (accepted, differing) = await store.AddAsync(wallet, batch, http.GetClient()!.Name);
        if (differing.Count > 0)
        {
            return ApiProblems.Conflict(
                "The batch has transactions that are stored with other values",
                "The batch was refused as a whole; nothing was stored. Leave out what errors names, or send it as it is stored.",
                batch.DescribeDifferences(differing)
            );
        }

        var duplicates = batch.Transactions.Count - accepted + batch.Repeated;
        ApiTelemetry.CountTransactions(accepted, duplicates);
        return TypedResults.Ok(new TransactionsAnswer(accepted, duplicates));
    }
}
