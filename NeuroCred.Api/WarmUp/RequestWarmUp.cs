using System.Security.Cryptography;
using System.Text.Json;
using NeuroCred.Api.Configuration;
using NeuroCred.Api.Postgres;
using NeuroCred.Api.Scores;
using NeuroCred.Api.Security;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Api.WarmUp;

/// <summary>
/// Reads and writes a score that nobody asked for, through the whole application, before clients can reach it. Otherwise the first requests
/// would wait while connections open and code is compiled: up to half a second on two busy processors. Nothing is stored. It never keeps a
/// replica from starting: what is down or slow is left alone after <see cref="s_limit"/>.
/// </summary>
internal sealed partial class RequestWarmUp(
    ApiOptions options,
    ScoreReader reader,
    TransactionStore transactions,
    ScoreWriter scores,
    IServiceScopeFactory scopes,
    TimeProvider time,
    ILogger<RequestWarmUp> logger
) : IStartupFilter
{
    private const int Rounds = 5; // the driver prepares a statement at its fifth use
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);
    private static readonly ApiClient s_client = new("warm-up", []);

    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            // The host puts the application together and then listens; there is no moment in between for something asynchronous.
            app.Use(application =>
            {
                Task.Run(() => RunAsync(application)).Wait(s_limit);
                return application;
            });
            next(app);
        };

    private async Task RunAsync(RequestDelegate application)
    {
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                var nobody = ChooseAddress();
                await reader.FindAsync(nobody);
                await transactions.RehearseAsync(nobody, ChooseBatch(), s_client.Name);
                await scores.RehearseAsync(s_client, nobody);
            }

            await using var server = await LoopbackServer.StartAsync(application, scopes);
            using var client = server.CreateClient();
            client.DefaultRequestHeaders.Add(ApiKeyMiddleware.Header, options.ApiKey);
            var wallet = ChooseAddress().Lower;
            using var notFound = await client.GetAsync($"/api/score/{wallet}");
            using var refusedBatch = await client.PostAsync(
                $"/api/wallets/{wallet}/transactions",
                Json($$"""{"transactions":[{{ChooseTransactions()}},{}]}""")
            );
            using var refusedForItsKey = await client.PostAsync("/api/score", Json($$"""{"address":"{{wallet}}"}"""));
        }
        catch (Exception e) when (DatabaseFaults.IsUnavailable(e))
        {
            // The requests that come will say so.
        }
        catch (Exception e)
        {
            LogEnded(logger, e);
        }
    }

    private static StringContent Json(string text) => new(text, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));

    // Of no wallet, and another one each time: the cache, which would answer the next time, warms up nothing else.
    private static WalletAddress ChooseAddress() =>
        WalletAddress.TryParse(ChooseHex(40), out var address) ? address : throw new FormatException("A chosen address is none.");

    private TransactionBatch ChooseBatch()
    {
        using var transactions = JsonDocument.Parse($"[{ChooseTransactions()}]");
        var now = time.GetUtcNow();
        return TransactionBatch.Read(transactions.RootElement, earliest: default, now, out _)
            ?? throw new FormatException("A chosen batch is none.");
    }

    // Some, because only then are they put in order.
    private string ChooseTransactions() =>
        string.Join(
            ',',
            Enumerable
                .Range(0, 4)
                .Select(_ => $$"""{"hash":"{{ChooseHex(64)}}","timestamp":"{{time.GetUtcNow():O}}","valueUsd":1,"token":"ETH"}""")
        );

    private static string ChooseHex(int digits) => $"0x{RandomNumberGenerator.GetHexString(digits, lowercase: true)}";

    [LoggerMessage(Level = LogLevel.Warning, Message = "The warm-up ended early, so the first requests will take longer")]
    private static partial void LogEnded(ILogger logger, Exception exception);
}
