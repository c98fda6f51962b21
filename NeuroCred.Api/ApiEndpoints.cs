using NeuroCred.Api.Lending;
using NeuroCred.Api.Live;
using NeuroCred.Api.OpenApi;
using NeuroCred.Api.Scores;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Api;

internal static class ApiEndpoints
{
    /// <summary>Maps what the gateway forwards, which is also what the OpenAPI document describes.</summary>
    public static void MapApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapTransactionsApi();
        endpoints.MapStakingApi();
        endpoints.MapScoresApi();
        endpoints.MapLendingApi();
        endpoints.MapLiveScoresApi();
        endpoints.MapDocument();
    }
}
