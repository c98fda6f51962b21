using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NeuroCred.Api;
using NeuroCred.Api.Configuration;
using NeuroCred.Api.Live;
using NeuroCred.Api.Scores;
using NeuroCred.Api.Security;
using NeuroCred.ServiceDefaults;
using NeuroCred.ServiceDefaults.Lifetime;
using NeuroCred.Tests.Api.Postgres;

namespace NeuroCred.Tests.Api.Security;

/// <summary>A replica in this process, with what needs a key.</summary>
internal sealed class ApiReplica : IAsyncDisposable
{
    private readonly TestHost _host;

    private ApiReplica(TestHost host) => _host = host;

    public Uri Address => _host.Address;

    /// <summary>Starts one, and waits until it is ready if it can be.</summary>
    /// <param name="database">Its Postgres.</param>
    /// <param name="key">Its Api:Key.</param>
    /// <param name="publicReads">Its Api:PublicReads.</param>
    /// <param name="time">Its clock; null for the system's.</param>
    /// <param name="waits">Whether to wait.</param>
    public static async Task<ApiReplica> StartAsync(
        string database,
        string key = Workload.ApiKey,
        bool publicReads = false,
        TimeProvider? time = null,
        bool waits = true
    )
    {
        var settings = GivenSettings.Of(
            ("Api:Key", key),
            ("Api:PublicReads", $"{publicReads}"),
            ("ConnectionStrings:neurocred", PostgresServer.WithPool(database))
        );
        var host = await TestHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(time ?? TimeProvider.System);
                builder.AddServiceDefaults(new(builder.Configuration));
                builder.AddApi(ApiOptions.Read(settings));
            },
            app =>
            {
                app.MapDefaultEndpoints();
                app.UseLiveScores();
                app.UseRouting();
                app.UseApiKey();
                app.UseRateLimiter();
                app.MapDrain().RequireScope(Scopes.Operate);
                app.MapScoresApi();
                app.MapLiveScoresApi();
            }
        );
        var replica = new ApiReplica(host);
        if (waits)
        {
            await Until.HoldsAsync(
                async () => (await replica.SendAsync(HttpMethod.Get, "/health/ready", key: null)).IsSuccessStatusCode,
                TimeSpan.FromMinutes(2),
                () => "The replica is not ready."
            );
        }

        return replica;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key)
    {
        using var request = new HttpRequestMessage(method, path);
        if (key is not null)
        {
            request.Headers.Add("X-API-Key", key);
        }

        return await _host.Client.SendAsync(request, Cancellation);
    }

    public Task<HttpResponseMessage> ReadAsync(string? key) => SendAsync(HttpMethod.Get, $"/api/score/{Workload.AddressOf("nobody")}", key);

    public async Task<HttpResponseMessage> ComputeAsync(string? key, string wallet, string idempotencyKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/score")
        {
            Content = JsonContent.Create(new { address = wallet }),
            Headers = { { "Idempotency-Key", $"\"{idempotencyKey}\"" } },
        };
        if (key is not null)
        {
            request.Headers.Add("X-API-Key", key);
        }

        return await _host.Client.SendAsync(request, Cancellation);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
