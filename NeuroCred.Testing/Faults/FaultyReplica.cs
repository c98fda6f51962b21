using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Primitives;

namespace NeuroCred.Testing.Faults;

/// <summary>
/// Takes a stopped replica's port. It answers as that replica would, with the help of a real one, until it is told to misbehave:
/// so a fault strikes a gateway that has long known the replica as a good one.
/// </summary>
internal sealed class FaultyReplica : IAsyncDisposable
{
    // Of one connection (RFC 9110, 7.6.1), or set anew by whoever sends the message on.
    private static readonly HashSet<string> s_ofOneConnection = new(
        ["Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Content-Length", "Expect", "Date", "Server"],
        StringComparer.OrdinalIgnoreCase
    );

    private readonly string _name;
    private readonly HttpClient _real;
    private readonly WebApplication _server;

    private FaultyReplica(string name, int port, Uri real)
    {
        _name = name;
        _real = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = real };
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));

        // Requests that it never answers must not hold up its end.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    /// <summary>How it answers from now on; null for well.</summary>
    public Misbehaviour? Misbehaviour { get; set; }

    /// <summary>Starts to serve on a port of the loopback addresses.</summary>
    /// <param name="name">The replica it stands in for: its answers carry that name.</param>
    /// <param name="port">The port, on which nothing listens.</param>
    /// <param name="real">A replica that does the work.</param>
    public static async Task<FaultyReplica> StartAsync(string name, int port, Uri real)
    {
        var replica = new FaultyReplica(name, port, real);
        await replica._server.StartAsync();
        return replica;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
        _real.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            if (Misbehaviour is { } misbehaviour)
            {
                await misbehaviour(context, () => AskAsync(context));
            }
            else
            {
                await (await AskAsync(context)).WriteAsync(context);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            // Whoever asked is gone, or the real replica is: a real one would break the connection too.
            context.Abort();
        }
    }

    private async Task<RealAnswer> AskAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(
            new(context.Request.Method),
            context.Request.Path + context.Request.QueryString.ToString()
        );
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body.ToArray());
        }

        foreach (var (name, values) in context.Request.Headers.Where(h => !s_ofOneConnection.Contains(h.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        // Once it has the request, a replica does its work, whether or not someone still waits for the answer.
        using var response = await _real.SendAsync(request);
        var headers = response
            .Headers.Concat(response.Content.Headers)
            .Where(h => !s_ofOneConnection.Contains(h.Key) && !h.Key.Equals("X-Served-By", StringComparison.OrdinalIgnoreCase))
            .Select(h => KeyValuePair.Create(h.Key, new StringValues([.. h.Value])));
        return new(
            (int)response.StatusCode,
            [.. headers, KeyValuePair.Create("X-Served-By", new StringValues(_name))],
            await response.Content.ReadAsByteArrayAsync()
        );
    }
}
