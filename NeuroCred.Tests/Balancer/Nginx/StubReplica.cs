using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace NeuroCred.Tests.Balancer.Nginx;

/// <summary>A small server in a replica's place. It keeps what it was asked, and answers as it is told.</summary>
internal sealed class StubReplica : IAsyncDisposable
{
    private TestHost? _host;

    private StubReplica(string name) => Name = name;

    public string Name { get; }

    public int Port => _host!.Address.Port;

    /// <summary>What it was asked so far.</summary>
    public ConcurrentQueue<StubRequest> Requests { get; } = new();

    /// <summary>Starts it, on any free port unless one is given.</summary>
    public static async Task<StubReplica> StartAsync(string name, RequestDelegate answer, int? port = null)
    {
        var replica = new StubReplica(name);
        replica._host = await TestHost.StartAsync(
            _ => { },
            app =>
            {
                app.UseWebSockets();
                app.Run(context =>
                {
                    var headers = context.Request.Headers.ToDictionary(
                        h => h.Key,
                        h => h.Value.ToString(),
                        StringComparer.OrdinalIgnoreCase
                    );
                    replica.Requests.Enqueue(new(context.Request.Method, context.Request.Path, headers));
                    context.Response.Headers["X-Served-By"] = name;
                    return answer(context);
                });
            },
            port ?? LocalPort.FindFree() // nobody else's, also after this one's end
        );
        return replica;
    }

    public ValueTask DisposeAsync() => _host!.DisposeAsync();
}

internal sealed record StubRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers);
