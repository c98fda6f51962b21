using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestration;

internal static class LocalHostingServices
{
    internal static IServiceCollection AddLocalHosting(this IServiceCollection services, DistributedApplicationBuilder builder)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ResourceLoggerService>();
        services.AddSingleton<ResourceNotificationService>();
        services.AddSingleton(p => new ResourceCommandService(
            p.GetRequiredService<ResourceNotificationService>(), p.GetRequiredService<ResourceLoggerService>(), p));
        services.AddSingleton<DcpHost>();
        services.AddSingleton<ContainerLaunches>();
        services.AddSingleton<TelemetryEnvironment>();
        services.AddSingleton<ResourceLauncher>();
        services.AddSingleton(p => DashboardSettings.Read(builder.Configuration, p.GetRequiredService<DistributedApplicationOptions>(), builder.ApplicationName));
        services.AddSingleton<DashboardHost>();
        // The monitor first: a handler of the orchestrator's start may wait for a resource to become healthy.
        services.AddHostedService<ResourceHealthMonitor>();
        services.AddHostedService<ApplicationOrchestrator>();
        services.AddOptions<ResourceNotificationServiceOptions>().Configure<DistributedApplicationOptions>((waiting, options) =>
            waiting.DefaultWaitBehavior = options.DisableDashboard ? WaitBehavior.StopOnResourceUnavailable : WaitBehavior.WaitOnResourceUnavailable);
        services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30));
        return services;
    }
}
