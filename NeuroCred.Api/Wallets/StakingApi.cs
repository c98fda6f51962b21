using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using NeuroCred.Api.Bodies;
using NeuroCred.Api.Overload;
using NeuroCred.Api.Security;

namespace NeuroCred.Api.Wallets;

/// <summary>The body of PUT staking.</summary>
internal sealed record StakingRequest(JsonElement Tier) : RequestBody;

/// <param name="Tier">0 to 3.</param>
internal sealed record StakingAnswer(int Tier);

internal static class StakingApi
{
    public static void MapStakingApi(this IEndpointRouteBuilder endpoints)
    {
        var staking = endpoints.MapGroup("/api/wallets/{address}/staking").QueueUnderLoad();
        staking
            .MapPut("/", SetAsync)
            .WithName("SetStaking")
            .WithSummary($"Sets a wallet's staking tier, 0 to {StakingStore.MaxTier}; its next score counts it");
        staking
            .MapMethods("/", ApiMethods.Read, GetAsync)
            .Produces<StakingAnswer>()
            .WithName("GetStaking")
            .WithSummary("A wallet's staking tier; 0 if none was set");
    }

    private static async Task<Results<Ok<StakingAnswer>, ProblemHttpResult>> SetAsync(
        string address,
        StakingRequest request,
        HttpContext http,
        StakingStore store
    )
    {
        if (!WalletAddress.TryParse(address, out var wallet))
        {
            return ApiProblems.BadAddress(address);
        }

        if (ApiProblems.UnknownFields(request.Others, "tier") is { } unknown)
        {
            return unknown;
        }

        if (
            request.Tier.ValueKind != JsonValueKind.Number
            || !request.Tier.TryGetInt32(out var tier)
            || tier is < 0 or > StakingStore.MaxTier
        )
        {
            var given = request.Tier.ValueKind == JsonValueKind.Undefined ? "missing" : ApiProblems.Shorten(request.Tier.GetGivenText());
            return ApiProblems.Invalid(
                "The staking tier was not changed.",
                new() { ["tier"] = [$"is {given}; must be a whole number from 0 to {StakingStore.MaxTier}, such as {{\"tier\":2}}."] }
            );
        }

        await store.SetAsync(wallet, tier, http.GetClient()!.Name);
        return TypedResults.Ok(new StakingAnswer(tier));
    }

    private static async Task<Results<Ok<StakingAnswer>, ProblemHttpResult>> GetAsync(
        string address,
        HttpResponse response,
        StakingStore store
    )
    {
        if (!WalletAddress.TryParse(address, out var wallet))
        {
            return ApiProblems.BadAddress(address);
        }

        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new StakingAnswer(await store.GetAsync(wallet)));
    }
}
