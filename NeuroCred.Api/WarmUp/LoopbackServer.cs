using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace NeuroCred.Api.WarmUp;

/// <summary>
/// Serves the application on a free port of the loopback address, while its own server does not listen yet. The host, which counts and traces
/// requests, knows nothing of these.
/// </summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly KestrelServer _server = new(
        Options.Create(new KestrelServerOptions()),
        new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
        NullLoggerFactory.Instance
    );

    private LoopbackServer() { }

    /// <summary>Starts it.</summary>
    /// <param name="application">What answers.</param>
    /// <param name="scopes">For the services of a request.</param>
    public static async Task<LoopbackServer> StartAsync(RequestDelegate application, IServiceScopeFactory scopes)
    {
        var server = new LoopbackServer();
        server.Addresses.Add($"http://{IPAddress.Loopback}:0");
        await server._server.StartAsync(new Application(application, scopes), CancellationToken.None);
        return server;
    }

    private ICollection<string> Addresses => _server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;

    /// <summary>A client of it.</summary>
    public HttpClient CreateClient() => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new(Addresses.Single()) };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(CancellationToken.None);
        _server.Dispose();
    }

    private sealed class Application(RequestDelegate application, IServiceScopeFactory scopes) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) =>
            new DefaultHttpContext(contextFeatures) { ServiceScopeFactory = scopes };

        public Task ProcessRequestAsync(HttpContext context) => application(context);

        public void DisposeContext(HttpContext context, Exception? exception) => ((DefaultHttpContext)context).Uninitialize();
    }
}
