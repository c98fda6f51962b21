using System.Security.Cryptography;
using System.Text.Json;
using NeuroCred.Api.Postgres;
using NeuroCred.Api.Scores;
using NeuroCred.Api.Security;
using NeuroCred.Api.Wallets;
using OpenTelemetry;

namespace NeuroCred.Api.WarmUp;

/// <summary>
/// Reads and writes scores that nobody asked for before clients can reach the replica, through its endpoints as far as nothing is stored.
/// Otherwise the first requests would wait while connections open and code is compiled: up to half a second on two busy processors. What is
/// down or slow keeps no replica from starting: the warm-up ends after <see cref="s_limit"/>.
/// </summary>
internal sealed partial class RequestWarmUp(
    DatabaseCircuit circuit,
    ScoreReader reader,
    TransactionStore transactions,
    ScoreWriter scores,
    IServiceScopeFactory scopes,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<RequestWarmUp> logger
) : IStartupFilter
{
    private const int Rounds = 5; // the driver prepares a statement at its fifth use
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1);
    private static readonly ApiClient s_client = new("warm-up", []);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            // The host puts the application together and then listens; there is no moment in between for something asynchronous.
            app.Use(application =>
            {
                Task.Run(() => RunAsync(application)).Wait();
                return application;
            });
            next(app);
        };

    private async Task RunAsync(RequestDelegate application)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        limit.CancelAfter(s_limit);
        try
        {
            await circuit.Asked.WaitAsync(limit.Token);
            for (var round = 0; round < Rounds; round++)
            {
                await reader.FindAsync(ChooseAddress()).WaitAsync(limit.Token);
            }

            await SendAsync(application, limit.Token);
            for (var round = 0; round < Rounds; round++)
            {
                var nobody = ChooseAddress();
                await transactions.RehearseAsync(nobody, ChooseBatch(), s_client.Name).WaitAsync(limit.Token);
                await scores.RehearseAsync(s_client, nobody).WaitAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            LogEnded(logger, $"{s_limit.TotalSeconds} s have passed");
        }
        catch (Exception e)
        {
            LogEnded(logger, e.Message);
        }
    }

    private async Task SendAsync(RequestDelegate application, CancellationToken cancellationToken)
    {
        using var key = new ApiKey("warm-up", s_client, Scopes.Read | Scopes.Write);
        using var server = new LoopbackServer(application, key, scopes);
        await server.StartAsync(cancellationToken);
        try
        {
            var wallet = ChooseAddress().Lower;
            await ExpectAsync("404", HttpMethods.Get, $"/api/score/{wallet}", "");
            await ExpectAsync(
                "400",
                HttpMethods.Post,
                $"/api/wallets/{wallet}/transactions",
                $$"""{"transactions":[{{ChooseTransactions()}},{}]}"""
            );
            await ExpectAsync("400", HttpMethods.Post, "/api/score", $$"""{"address":"{{wallet}}"}"""); // it needs an Idempotency-Key
        }
        finally
        {
            await server.StopAsync();
        }

        async Task ExpectAsync(string expected, string method, string path, string body)
        {
            var status = await server.SendAsync(method, path, body, cancellationToken);
            if (status != expected)
            {
                throw new InvalidOperationException($"{method} {path} was answered {status}, and should be {expected}.");
            }
        }
    }

    // Another unused wallet each time: the cache would answer for the same one, and Postgres would not be asked.
    private static WalletAddress ChooseAddress() =>
        WalletAddress.TryParse(ChooseHex(40), out var address) ? address : throw new FormatException("The chosen address cannot be read.");

    private TransactionBatch ChooseBatch()
    {
        using var json = JsonDocument.Parse($"[{ChooseTransactions()}]");
        return TransactionBatch.Read(json.RootElement, earliest: default, time.GetUtcNow(), out _)
            ?? throw new FormatException("The chosen transactions cannot be read.");
    }

    // Several, because only then are they put in order.
    private string ChooseTransactions() =>
        string.Join(
            ',',
            Enumerable
                .Range(0, 4)
                .Select(_ => $$"""{"hash":"{{ChooseHex(64)}}","timestamp":"{{time.GetUtcNow():O}}","valueUsd":1,"token":"ETH"}""")
        );

    private static string ChooseHex(int digits) => $"0x{RandomNumberGenerator.GetHexString(digits, lowercase: true)}";

    [LoggerMessage(Level = LogLevel.Warning, Message = "The warm-up ended early ({Reason}): the first requests will take longer")]
    private static partial void LogEnded(ILogger logger, string reason);
}
