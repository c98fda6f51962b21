using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// Serves the resource service over cleartext HTTP/2 on the loopback interface. It is a host of its own, apart from
/// the AppHost's configuration: that one's <c>ASPNETCORE_URLS</c> is the dashboard's address.
/// </summary>
internal sealed class ResourceServer : IAsyncDisposable
{
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping;
    private readonly WebApplication _application;

    internal ResourceServer(
        DashboardSettings settings,
        ResourceNotificationService notifications,
        ResourceLoggerService loggers,
        ResourceCommandService commands,
        ILoggerFactory loggerFactory,
        CancellationToken stopping)
    {
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenLocalhost(new Uri(settings.ResourceServiceUrl).Port, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddSingleton(loggerFactory);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(new ResourceService(settings, notifications, loggers, commands, new(_stopping.Token)));
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc();
        _application = builder.Build();
        _application.UseApiKey(settings.ResourceServiceApiKey);
        _application.MapGrpcService<ResourceService>();
    }

    internal Task StartAsync(CancellationToken cancellationToken) => _application.StartAsync(cancellationToken);

    /// <summary>Ends every stream, and then the service.</summary>
    internal async Task StopAsync()
    {
        // Kestrel waits for the streams.
        await _stopping.CancelAsync().ConfigureAwait(false);
        using var timeout = new CancellationTokenSource(s_stopTimeout);
        await _application.StopAsync(timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    /// <summary>Leaves the signals to the AppHost's own host.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
