using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NeuroCred.Monitor.Live;
using NeuroCred.Monitor.Page;
using NeuroCred.Monitor.Snapshots;
using NeuroCred.ServiceDefaults;

namespace NeuroCred.Tests.Monitor.Live;

/// <summary>The monitor's page and events alone, in this process, over snapshots that a test makes.</summary>
internal sealed class MonitorHost : IAsyncDisposable
{
    private readonly TestHost _host;

    private MonitorHost(TestHost host, SnapshotFeed feed) => (_host, Feed) = (host, feed);

    public SnapshotFeed Feed { get; }

    /// <summary>How many clients follow the events now.</summary>
    public long Followers =>
        LiveEndpoints.MostFollowers - _host.App.Services.GetRequiredService<ConcurrencyLimiter>().GetStatistics()!.CurrentAvailablePermits;

    public Uri Address => _host.Address;

    public HttpClient Client => _host.Client;

    public static async Task<MonitorHost> StartAsync(int port = 0)
    {
        var feed = new SnapshotFeed();
        return new(await TestHost.StartAsync(Add, Map, port), feed);

        void Add(WebApplicationBuilder builder)
        {
            builder.Configuration["Draining:Grace"] = "00:00:00";
            builder.Configuration["Draining:Timeout"] = "1h"; // an end that something holds up does not come
            builder.AddServiceDefaults(new(builder.Configuration));
            builder.Services.AddSingleton(feed);
            builder.Services.AddLive();
        }

        static void Map(WebApplication app)
        {
            app.MapDefaultEndpoints();
            app.MapLive();
            app.MapPage();
        }
    }

    public Task StopAsync() => _host.App.StopAsync(Cancellation);

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
