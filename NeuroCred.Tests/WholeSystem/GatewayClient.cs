using System.Net.Http.Json;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>Calls the API as a user does.</summary>
internal sealed class GatewayClient(Uri address, string apiKey = Workload.ApiKey) : IDisposable
{
    private readonly HttpClient _http = new()
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(15),
        DefaultRequestHeaders = { { "X-API-Key", apiKey } },
    };

    public Task<HttpResponseMessage> SendTransactionsAsync(string wallet, string body) =>
        SendAsync($"/api/wallets/{wallet}/transactions", body, idempotencyKey: null);

    public Task<HttpResponseMessage> ComputeScoreAsync(string wallet, string idempotencyKey) =>
        SendAsync("/api/score", JsonSerializer.Serialize(new { address = wallet }), idempotencyKey);

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(path, Cancellation);

    public async Task<JsonElement> GetScoreAsync(string wallet) => await ReadAsync(await GetAsync($"/api/score/{wallet}"));

    /// <summary>Reads and writes a wallet, one request after the other, so that who answers has compiled what that needs.</summary>
    public async Task WarmAsync(string wallet, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            await ReadAndWriteAsync(wallet, i);
        }
    }

    /// <summary>Reads the score of a wallet that has one, computes a new one, and stores a transaction.</summary>
    public async Task ReadAndWriteAsync(string wallet, int round)
    {
        await GetScoreAsync(wallet);
        await ReadAsync(await ComputeScoreAsync(wallet, $"{wallet} {round}"));
        await ReadAsync(await SendTransactionsAsync(wallet, Transaction($"{wallet} {round}", 1)));
    }

    /// <summary>Reads the body of an answer that must be a success.</summary>
    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            Assert.True(
                response.IsSuccessStatusCode,
                $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(Cancellation)}"
            );
            return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        }
    }

    /// <summary>One transaction, told from others by its name.</summary>
    public static string Transaction(string name, decimal valueUsd) =>
        JsonSerializer.Serialize(
            new
            {
                transactions = new[]
                {
                    new
                    {
                        hash = Workload.HashOf(name),
                        timestamp = "2026-01-02T03:04:05Z",
                        valueUsd,
                        token = "USDC",
                    },
                },
            }
        );

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(string path, string body, string? idempotencyKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", $"\"{idempotencyKey}\"");
        }

        return await _http.SendAsync(request, Cancellation);
    }
}
