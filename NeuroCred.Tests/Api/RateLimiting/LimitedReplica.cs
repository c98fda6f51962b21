using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NeuroCred.Api;
using NeuroCred.Api.RateLimiting;
using NeuroCred.Api.Security;
using NeuroCred.ServiceDefaults;

namespace NeuroCred.Tests.Api.RateLimiting;

/// <summary>The limits before endpoints that do nothing, in this process. The header <c>Client</c> says who asks.</summary>
internal sealed class LimitedReplica : IAsyncDisposable
{
    public const string Wallet = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private readonly TestHost _host;

    private LimitedReplica(TestHost host) => _host = host;

    public static async Task<LimitedReplica> StartAsync(RateLimits limits, int? redisPort = null, TimeProvider? time = null) =>
        new(
            await TestHost.StartAsync(
                builder =>
                {
                    builder.Services.AddSingleton(time ?? TimeProvider.System);
                    builder.AddServiceDefaults(new(builder.Configuration));
                    builder.Services.ConfigureHttpJsonOptions(json =>
                        json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default)
                    );
                    if (redisPort is not null)
                    {
                        builder.Services.AddRedis($"127.0.0.1:{redisPort}");
                    }

                    builder.Services.AddRateLimits(limits);
                },
                app =>
                {
                    app.MapDefaultEndpoints();
                    app.UseRouting();
                    app.Use(
                        (context, next) =>
                        {
                            if (context.Request.Headers.TryGetValue("Client", out var name))
                            {
                                context.Features.Set(new ApiKey("key", new(name.ToString(), []), Scopes.All));
                            }

                            return next(context);
                        }
                    );
                    app.UseRateLimits();
                    app.MapPost("/api/score", () => "done").LimitAsScores();
                    app.MapPost("/api/wallets/{address}/transactions", () => "done");
                    app.MapGet("/api/score/{address}", () => "done");
                    app.MapGet("/api/score/{address}/history", () => "done");
                    app.MapGet(
                        "/api/waited",
                        (HttpContext context) =>
                        {
                            context.CountForLimit();
                            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
                        }
                    );
                    app.MapGet("/api/busy", () => Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
                }
            )
        );

    public async Task<HttpResponseMessage> ComputeScoreAsync(string client = "lender") => await SendAsync("POST", "/api/score", client);

    public Task<HttpResponseMessage> ReadAsync(string? client = "lender", string wallet = Wallet, string? from = null) =>
        SendAsync("GET", $"/api/score/{wallet}", client, from);

    public Task<HttpResponseMessage> SendAsync(string method, string path, string? client, string? from = null)
    {
        var request = new HttpRequestMessage(new(method), path);
        if (client is not null)
        {
            request.Headers.Add("Client", client);
        }

        if (from is not null)
        {
            request.Headers.Add("X-Forwarded-For", from);
        }

        return _host.Client.SendAsync(request, Cancellation);
    }

    /// <summary>How many of so many requests, one after the other, are answered.</summary>
    public static async Task<int> CountAnsweredAsync(int count, Func<Task<HttpResponseMessage>> send)
    {
        var answered = 0;
        for (var i = 0; i < count; i++)
        {
            using var response = await send();
            answered += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
        }

        return answered;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
