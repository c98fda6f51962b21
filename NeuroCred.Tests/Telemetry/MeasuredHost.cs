using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NeuroCred.Tests.Telemetry;

/// <summary>
/// The tests that read this process's metrics. Every service in a process shares them, so that nothing else may run beside these.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredProcess
{
    /// <summary>The collection's name.</summary>
    public const string Name = "The metrics of this process";
}

/// <summary>A small service with the defaults, in this process.</summary>
internal sealed class MeasuredHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MeasuredHost(WebApplication app)
    {
        _app = app;
        Address = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Client = new() { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(15) };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public static async Task<MeasuredHost> StartAsync(Action<IServiceCollection> add, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults(new(builder.Configuration));
        add(builder.Services);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
