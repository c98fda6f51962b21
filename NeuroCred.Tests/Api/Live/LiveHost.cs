using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NeuroCred.Api.Configuration;
using NeuroCred.Api.Live;
using NeuroCred.ServiceDefaults;
using NeuroCred.ServiceDefaults.Lifetime;

namespace NeuroCred.Tests.Api.Live;

/// <summary>The live endpoint alone, in this process, over scores in memory.</summary>
internal sealed class LiveHost : IAsyncDisposable
{
    public const string Wallet = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private readonly TestHost _host;

    private LiveHost(TestHost host) => _host = host;

    public LiveScoreHub Hub => _host.App.Services.GetRequiredService<LiveScoreHub>();

    public DrainState Drain => _host.App.Services.GetRequiredService<DrainState>();

    public Uri Address => _host.Address;

    public Uri Live => new(Address, $"/api/score/{Wallet}/live");

    public static async Task<LiveHost> StartAsync(FakeScoreSource source, TimeProvider? time = null, int maxConnections = 100) =>
        new(
            await TestHost.StartAsync(
                builder =>
                {
                    builder.Services.AddSingleton(time ?? TimeProvider.System);
                    builder.Configuration["Draining:Timeout"] = "1h"; // an end that something holds up does not come
                    builder.AddServiceDefaults(new(builder.Configuration));
                    builder.AddLiveScores(
                        ApiOptions.Read(
                            GivenSettings.Of(
                                ("Api:Key", "a key for tests"),
                                ("ConnectionStrings:neurocred", "Host=nowhere"),
                                ("Live:MaxConnections", $"{maxConnections}")
                            )
                        )
                    );
                    builder.Services.AddSingleton<ILiveScoreSource>(source);
                },
                app =>
                {
                    app.MapDefaultEndpoints();
                    app.UseLiveScores();
                    app.UseRouting();
                    app.MapLiveScoresApi();
                }
            )
        );

    public Task StopAsync() => _host.App.StopAsync(Cancellation);

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}

/// <summary>A live client.</summary>
internal sealed class LiveClient : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly ClientWebSocket _socket = new();

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? CloseReason => _socket.CloseStatusDescription;

    public static async Task<LiveClient> ConnectAsync(Uri address, long? after = null)
    {
        var client = new LiveClient();
        client._socket.Options.SetRequestHeader("X-API-Key", Workload.ApiKey);
        using var limit = Limit();
        var scheme = new UriBuilder(address) { Scheme = "ws", Query = after is null ? "" : $"after={after}" };
        await client._socket.ConnectAsync(scheme.Uri, limit.Token);
        return client;
    }

    /// <returns>The next message, or null when the server closed.</returns>
    public async Task<JsonElement?> ReadAsync()
    {
        using var limit = Limit();
        var buffer = new byte[64 * 1024];
        var length = 0;
        while (true)
        {
            var result = await _socket.ReceiveAsync(buffer.AsMemory(length), limit.Token);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
                return null;
            }

            length += result.Count;
            if (result.EndOfMessage)
            {
                return JsonElement.Parse(buffer.AsSpan(0, length));
            }
        }
    }

    /// <summary>The next score's sequence, past heartbeats.</summary>
    public async Task<long> ReadSequenceAsync() => (await ReadScoreAsync()).GetProperty("score").GetProperty("sequence").GetInt64();

    /// <summary>The next score's message, past heartbeats.</summary>
    public async Task<JsonElement> ReadScoreAsync()
    {
        while (true)
        {
            var message = await ReadAsync() ?? throw new InvalidOperationException($"The server closed: {CloseStatus} {CloseReason}");
            if (message.GetProperty("type").GetString() == "score")
            {
                return message;
            }
        }
    }

    public async Task SendAsync(string text)
    {
        using var limit = Limit();
        await _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, limit.Token);
    }

    public async Task CloseAsync()
    {
        using var limit = Limit();
        await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "enough", limit.Token);
    }

    public void Dispose() => _socket.Dispose();

    private static CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(s_patience);
        return limit;
    }
}
