using System.Net.Http.Headers;
using System.Net.Http.Json;
using NeuroCred.Tests.Snapshots;

namespace NeuroCred.Tests.Balancer.Engine;

/// <summary>One wallet of a deployed system, and what a client is told of its score.</summary>
internal sealed class ScoredWallet : IDisposable
{
    private const string Address = "0x582177481F742e3cfdB0245e41D432A9F27B86F2";

    private readonly HttpClient _http;

    public ScoredWallet(Uri gateway, string key) =>
        _http = new()
        {
            BaseAddress = gateway,
            Timeout = TimeSpan.FromSeconds(15),
            DefaultRequestHeaders = { { "X-API-Key", key } },
        };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Sends its transactions.</summary>
    public async Task AddTransactionsAsync()
    {
        using var content = new StreamContent(File.OpenRead(Path.Combine(Repository.Folder, "samples", "strong.json")))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };
        using var response = await _http.PostAsync($"/api/wallets/{Address}/transactions", content, Cancellation);
        await ReadAsync(response);
    }

    /// <summary>Has its score computed.</summary>
    /// <returns>The score, and whether it is the answer of an earlier request.</returns>
    public async Task<(string Score, bool Replayed)> ComputeScoreAsync(string idempotencyKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/score")
        {
            Content = JsonContent.Create(new { address = Address }),
            Headers = { { "Idempotency-Key", $"\"{idempotencyKey}\"" } },
        };
        using var response = await _http.SendAsync(request, Cancellation);
        return (await ReadAsync(response), response.Headers.Contains("Idempotent-Replayed"));
    }

    /// <summary>Reads its newest score.</summary>
    public async Task<string> ReadScoreAsync()
    {
        using var response = await _http.GetAsync($"/api/score/{Address}", Cancellation);
        return await ReadAsync(response);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async Task<string> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {body}");
        return body;
    }
}
