using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace NeuroCred.Tests.Balancer.Nginx;

/// <summary>A small server in a replica's place. It keeps what it was asked, and answers as it is told.</summary>
internal sealed class StubReplica : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StubReplica(string name, RequestDelegate answer, int port)
    {
        Name = name;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(context =>
        {
            Requests.Enqueue(new(context.Request.Method, context.Request.Path, context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
            context.Response.Headers["X-Served-By"] = name;
            return answer(context);
        });
    }

    public string Name { get; }

    public int Port => new Uri(_app.Urls.Single()).Port;

    /// <summary>What it was asked so far.</summary>
    public ConcurrentQueue<StubRequest> Requests { get; } = new();

    /// <summary>Starts it, on any free port unless one is given.</summary>
    public static async Task<StubReplica> StartAsync(string name, RequestDelegate answer, int port = 0)
    {
        var replica = new StubReplica(name, answer, port);
        await replica._app.StartAsync(TestContext.Current.CancellationToken);
        return replica;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

internal sealed record StubRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers);
