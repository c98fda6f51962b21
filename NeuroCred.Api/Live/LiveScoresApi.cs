using System.Globalization;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using NeuroCred.Api.Security;
using NeuroCred.Api.Wallets;
using NeuroCred.ServiceDefaults.Lifetime;
using OpenTelemetry;

namespace NeuroCred.Api.Live;

/// <summary>
/// <c>GET /api/score/{address}/live</c>, a WebSocket: the current score at once and every later one; with <c>?after=</c> every score
/// after that sequence. Whatever is wrong is said as a problem before the upgrade.
/// </summary>
internal static class LiveScoresApi
{
    // Over HTTP/2 a WebSocket begins with CONNECT (RFC 8441).
    private static readonly string[] s_methods = [.. ApiMethods.Read, HttpMethods.Connect];

    public static void MapLiveScoresApi(this IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapMethods("/api/score/{address}/live", s_methods, ServeAsync)
            .Produces(StatusCodes.Status101SwitchingProtocols)
            .Produces(StatusCodes.Status200OK) // of CONNECT (RFC 8441)
            .ProducesProblem(StatusCodes.Status426UpgradeRequired)
            .WithName("LiveScores")
            .WithSummary("A WebSocket: the current score at once and every later one; ?after=<sequence> resumes");

    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> ServeAsync(
        string address,
        HttpContext context,
        DrainState drain,
        LiveScoreHub hub,
        ILiveScoreSource source,
        TimeProvider time,
        ILogger<LiveConnection> logger
    )
    {
        var draining = drain.Begun;
        if (!context.WebSockets.IsWebSocketRequest)
        {
            return UpgradeRequired(context.Response);
        }

        if (!WalletAddress.TryParse(address, out var wallet))
        {
            return ApiProblems.BadAddress(address);
        }

        if (draining.IsCancellationRequested)
        {
            return AnotherReplica(context.Response, "This replica is draining", "It opens no new connections.");
        }

        var newest = await source.FindNewestAsync([wallet.Lower]) is [var found] ? found.Sequence : 0;
        if (!TryReadAfter(context.Request, newest, out var after, out var error))
        {
            return ApiProblems.Invalid("The sequence to resume after cannot be used.", new() { ["after"] = [error] });
        }

        using var untraced = SuppressInstrumentationScope.Begin(); // hours of reads would all belong to this request's trace
        using var pages = new LiveScorePages(wallet, hub, source, time);
        WebSocket socket;
        try
        {
            var offered = context.WebSockets.WebSocketRequestedProtocols;
            socket = await context.WebSockets.AcceptWebSocketAsync(
                offered.Contains(ApiKeyMiddleware.Protocol) ? ApiKeyMiddleware.Protocol : null
            );
        }
        catch (InvalidOperationException) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            return AnotherReplica(
                context.Response,
                "This replica serves as many live connections as it may",
                "The limit is Live:MaxConnections."
            );
        }

        using (socket)
        {
            // Its duration is the client's choice and would drown those of requests.
            context.Features.Get<IHttpMetricsTagsFeature>()?.MetricsDisabled = true;
            var keyEnded = context.Features.Get<ApiKey>()?.Ended ?? default;
            if (!await new LiveConnection(socket, pages, time, logger).RunAsync(after, draining, keyEnded, context.RequestAborted))
            {
                context.Abort(); // the server would go on trying to deliver what the client does not take
            }
        }

        return TypedResults.Empty;
    }

    private static bool TryReadAfter(HttpRequest request, long newest, out long after, out string error)
    {
        (after, error) = (Math.Max(newest - 1, 0), "");
        var given = request.Query["after"];
        if (given.Count == 0)
        {
            return true;
        }

        if (given.Count > 1 || !long.TryParse(given[0], NumberStyles.None, null, out after))
        {
            error =
                $"is '{ApiProblems.Shorten(given.ToString())}'; must be the sequence of the last score you have, such as 12, or 0 "
                + "for all. Without it you get the current score first.";
            return false;
        }

        if (after > newest)
        {
            error =
                $"is {after}, but this wallet's newest score is {newest}. Send the sequence of the last score you have, or leave it "
                + "out to get the current score first.";
            return false;
        }

        return true;
    }

    internal static ProblemHttpResult UpgradeRequired(HttpResponse response)
    {
        response.Headers.Upgrade = "websocket"; // required of a 426 (RFC 9110, 15.5.22), and to be named in Connection (7.8)
        response.Headers.Connection = "Upgrade, keep-alive";
        return ApiProblems.Of(
            StatusCodes.Status426UpgradeRequired,
            "This is a WebSocket",
            "Open it with a WebSocket client (wss:// or ws://). For the current score alone, leave out /live."
        );
    }

    // 503 from a replica: the gateway tries another one.
    private static ProblemHttpResult AnotherReplica(HttpResponse response, string title, string why)
    {
        response.Headers.RetryAfter = "1";
        return ApiProblems.Of(StatusCodes.Status503ServiceUnavailable, title, $"{why} Connect again: another replica answers.");
    }
}
