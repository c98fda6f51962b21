using System.Net.Http.Json;
using NeuroCred.Tests.Api.Postgres;
using NeuroCred.Tests.Api.Redis;
using StackExchange.Redis;

namespace NeuroCred.Tests.Api.Scores;

/// <summary>One replica as a program of its own, with a Postgres and a Redis of this machine's programs.</summary>
public sealed class RunningReplica : IAsyncLifetime
{
    /// <summary>The only site whose scripts may call it.</summary>
    public const string Origin = "https://app.example";

    private readonly PostgresServer _postgres = new();
    private readonly RedisServer _redis = new();
    private ProgramProcess? _replica;

    public HttpClient Client { get; private set; } = null!;

    public LocalPostgres Postgres => _postgres;

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        _replica = await ApiProgram.StartAsync(
            "api-1",
            PostgresServer.WithPool(_postgres.ConnectionString),
            new Dictionary<string, string> { ["ConnectionStrings:redis"] = $"127.0.0.1:{_redis.Port}", ["Cors:Origins"] = Origin }
        );
        Client = new() { BaseAddress = _replica.Address, Timeout = TimeSpan.FromMinutes(2) };
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_replica is not null)
        {
            await _replica.DisposeAsync();
        }

        await _postgres.DisposeAsync();
        await _redis.DisposeAsync();
    }

    public Task<IConnectionMultiplexer> ConnectToRedisAsync() => _redis.ConnectAsync();

    /// <summary>Computes a score and answers its body.</summary>
    public async Task<string> ComputeScoreAsync(string wallet, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/score")
        {
            Content = JsonContent.Create(new { address = wallet }),
        };
        request.Headers.Add("X-API-Key", Workload.ApiKey);
        request.Headers.Add("Idempotency-Key", $"\"{key ?? Guid.NewGuid().ToString()}\"");
        using var response = await Client.SendAsync(request, Cancellation);
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, body);
        return body;
    }

    /// <summary>Sends a request, with a key if it reads.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Get || method == HttpMethod.Head)
        {
            request.Headers.Add("X-API-Key", Workload.ApiKey);
        }

        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await Client.SendAsync(request, Cancellation);
    }

    /// <summary>The body of a GET that must be a success.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    /// <summary>Reads an error's body.</summary>
    public static async Task<JsonElement> ReadProblemAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }
}
