using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NeuroCred.Api.Security;
using OpenTelemetry;

namespace NeuroCred.Api.WarmUp;

/// <summary>
/// Serves the application on a free port of the loopback address, while its own server does not listen yet. The host, which counts and
/// traces requests, knows nothing of these.
/// </summary>
/// <param name="application">What answers.</param>
/// <param name="key">The API key that every request is taken to have.</param>
/// <param name="scopes">For the services of a request.</param>
internal sealed class LoopbackServer(RequestDelegate application, ApiKey key, IServiceScopeFactory scopes)
    : IHttpApplication<HttpContext>,
        IDisposable
{
    private readonly KestrelServer _server = new(
        Options.Create(new KestrelServerOptions()),
        new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
        NullLoggerFactory.Instance
    );

    private ICollection<string> Addresses => _server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;

    /// <summary>Begins to listen.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Addresses.Add($"http://{IPAddress.Loopback}:0");
        return _server.StartAsync(this, cancellationToken);
    }

    /// <summary>Stops listening. Requests that are under way are broken off.</summary>
    public Task StopAsync() => _server.StopAsync(new(canceled: true));

    /// <summary>Sends a request and waits for the whole answer. An HttpClient would be counted, traced and compiled.</summary>
    /// <returns>The answer's status.</returns>
    public async Task<string> SendAsync(string method, string path, string body, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(Addresses.Single()).Port, cancellationToken);
        var request =
            $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), cancellationToken);
        using var answer = new StreamReader(client.GetStream());
        return (await answer.ReadToEndAsync(cancellationToken)).Split(' ', 3)[1];
    }

    public void Dispose() => _server.Dispose();

    HttpContext IHttpApplication<HttpContext>.CreateContext(IFeatureCollection contextFeatures)
    {
        contextFeatures.Set(key);
        return new DefaultHttpContext(contextFeatures) { ServiceScopeFactory = scopes };
    }

    async Task IHttpApplication<HttpContext>.ProcessRequestAsync(HttpContext context)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await application(context);
    }

    void IHttpApplication<HttpContext>.DisposeContext(HttpContext context, Exception? exception) =>
        ((DefaultHttpContext)context).Uninitialize();
}
