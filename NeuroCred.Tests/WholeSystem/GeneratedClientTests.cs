using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;
using NeuroCred.Client;
using NeuroCred.Client.Models;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>A client that Kiota generated from the OpenAPI document calls the gateway.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed class GeneratedClientTests : IDisposable
{
    private readonly HttpClientRequestAdapter _adapter;
    private readonly NeuroCredClient _client;
    private readonly string _wallet = Workload.AddressOf(Guid.NewGuid().ToString("N"));

    public GeneratedClientTests(RunningSystem system)
    {
        // Kiota's own provider of API keys is for HTTPS alone.
        var http = KiotaClientFactory.Create();
        http.DefaultRequestHeaders.Add("X-API-Key", Workload.ApiKey);
        _adapter = new(new AnonymousAuthenticationProvider(), httpClient: http) { BaseUrl = system.Gateway.ToString().TrimEnd('/') };
        _client = new(_adapter);
    }

    public void Dispose() => _adapter.Dispose();

    [Fact]
    public async Task It_stores_transactions_computes_a_score_and_reads_it()
    {
        var stored = await _client
            .Api.Wallets[_wallet]
            .Transactions.PostAsync(
                new()
                {
                    Transactions =
                    [
                        new()
                        {
                            Hash = Workload.HashOf(_wallet),
                            Timestamp = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero),
                            ValueUsd = 250.5,
                            Token = "USDC",
                        },
                    ],
                },
                cancellationToken: Cancellation
            );
        var computed = await ComputeAsync(_wallet);
        var read = await _client.Api.Score[_wallet].GetAsync(cancellationToken: Cancellation);

        Assert.Equal((1, 0), (stored!.Accepted, stored.Duplicates));
        Assert.Equal(_wallet, computed!.Address, ignoreCase: true);
        Assert.Equal(computed.Score, read!.Score);
        Assert.Equal(computed.ComputedAt, read.ComputedAt);
        Assert.Equal(computed.Score, read.Explanation!.Sum(feature => feature.Points));
    }

    [Fact]
    public async Task It_gets_a_problem_that_names_the_field()
    {
        var problem = await Assert.ThrowsAsync<ProblemDetails>(() => ComputeAsync("0x12"));

        Assert.Equal(400, problem.Status);
        Assert.Contains("address", problem.Errors!.AdditionalData.Keys);
    }

    [Fact]
    public async Task It_gets_a_problem_for_a_wallet_without_a_score()
    {
        var problem = await Assert.ThrowsAsync<ProblemDetails>(() => _client.Api.Score[_wallet].GetAsync(cancellationToken: Cancellation));

        Assert.Equal(404, problem.Status);
        Assert.Equal("This wallet has no score yet", problem.Title);
    }

    private Task<ScoreAnswer?> ComputeAsync(string wallet) =>
        _client.Api.Score.PostAsync(
            new() { Address = wallet },
            request => request.Headers.Add("Idempotency-Key", $"\"{Guid.NewGuid()}\""),
            Cancellation
        );
}
