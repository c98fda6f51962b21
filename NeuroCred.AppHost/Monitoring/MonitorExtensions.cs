using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NeuroCred.AppHost.Topology;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.AppHost.Monitoring;

internal static class MonitorExtensions
{
    /// <summary>Has the gateway write its access log where a monitor can follow it, and tell of its connections.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <returns>The log's file.</returns>
    internal static string WriteLogForMonitor(this IResourceBuilder<NginxResource> gateway)
    {
        var folder = new GatewayLogFolder(GatewayLogFolder.FindStateFolder());

        // Disposed of with the application's services, when nginx has ended.
        gateway.ApplicationBuilder.Services.AddSingleton(_ => folder);

        // Not made before: a model may be built and not run.
        gateway.ApplicationBuilder.Eventing.Subscribe<BeforeStartEvent>(
            (@event, _) =>
            {
                @event.Services.GetRequiredService<GatewayLogFolder>().Create();
                return Task.CompletedTask;
            }
        );
        gateway.WithAccessLog(folder.Path).WithStatus();
        return folder.File;
    }

    /// <summary>
    /// Tells a monitor what to watch. Neither waits for the other, nor for a replica: it shows what is there, and nothing else notices when
    /// it is gone.
    /// </summary>
    /// <param name="monitor">The monitor.</param>
    /// <param name="gateway">The gateway.</param>
    /// <param name="log">The gateway's access log.</param>
    /// <param name="replicas">The replicas, each with the endpoints <c>http</c> and <c>management</c>.</param>
    internal static IResourceBuilder<ProjectResource> Watching(
        this IResourceBuilder<ProjectResource> monitor,
        IResourceBuilder<NginxResource> gateway,
        string log,
        IReadOnlyList<IResourceBuilder<IResourceWithEndpoints>> replicas
    )
    {
        monitor
            .WithEnvironment("Monitor__AccessLog", log)
            .WithEnvironment("Monitor__GatewayStatus", $"{gateway.Resource.StatusEndpoint}{NginxConfiguration.StatusPath}");
        foreach (var (i, replica) in replicas.Index())
        {
            var key = $"Monitor__Replicas__{i}__";
            monitor
                .WithEnvironment(key + "Name", replica.Resource.Name)
                .WithEnvironment(key + "Url", replica.GetEndpoint("http"))
                .WithEnvironment(key + "ManagementUrl", replica.GetEndpoint(Replica.Management));
        }

        foreach (
            var (key, value) in monitor
                .ApplicationBuilder.Configuration.GetSection(BalancingPolicy.Section)
                .AsEnumerable()
                .Where(s => s.Value is not null)
        )
        {
            monitor.WithEnvironment(key.Replace(":", "__", StringComparison.Ordinal), value);
        }

        return monitor;
    }

    /// <summary>Shows the monitor's pages on the dashboard, and on the gateway what watches it.</summary>
    internal static IResourceBuilder<ProjectResource> WithPages(
        this IResourceBuilder<ProjectResource> monitor,
        IResourceBuilder<NginxResource> gateway
    )
    {
        var endpoint = monitor.GetEndpoint("http");
        gateway.WithUrls(context =>
        {
            if (endpoint.IsAllocated)
            {
                context.Urls.Add(new() { Url = endpoint.Url, DisplayText = "Monitor" });
            }
        });
        return monitor.WithUrls(context =>
        {
            foreach (var url in context.Urls)
            {
                url.DisplayText = "Monitor";
            }

            context.Urls.Add(
                new()
                {
                    Url = "/diagnosis",
                    DisplayText = "Diagnosis",
                    Endpoint = endpoint,
                }
            );
        });
    }
}
