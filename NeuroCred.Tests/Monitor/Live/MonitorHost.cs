using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuroCred.Monitor.Live;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Page;

namespace NeuroCred.Tests.Monitor.Live;

/// <summary>The monitor's page and events alone, in this process, over snapshots that a test makes.</summary>
internal sealed class MonitorHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MonitorHost(WebApplication app, FakeFeed feed)
    {
        _app = app;
        Feed = feed;
    }

    public FakeFeed Feed { get; }

    public LiveClients Clients => _app.Services.GetRequiredService<LiveClients>();

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<MonitorHost> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        builder.Logging.ClearProviders();
        builder.Configuration["Draining:Grace"] = "00:00:00";
        builder.AddServiceDefaults();
        var feed = new FakeFeed();
        builder.Services.AddSingleton<ISnapshotFeed>(feed);
        builder.Services.AddLive();
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapLive();
        app.MapPage();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, feed);
    }

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
