using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NeuroCred.Settings;

namespace NeuroCred.AppHost.Runtime;

internal static partial class RuntimeExtensions
{
    // Aspire's tunnel to the host is a proxy before each replica, and its image needs a registry.
    private const string TunnelKey = "ASPIRE_ENABLE_CONTAINER_TUNNEL";

    /// <summary>
    /// Chooses whether Redis, Postgres and nginx are containers or processes, and says which and why on the console and in the log of each.
    /// </summary>
    internal static async Task<ChosenRuntime> ChooseRuntimeAsync(this IDistributedApplicationBuilder builder, SettingsReader settings)
    {
        if (!builder.ExecutionContext.IsRunMode)
        {
            return new(true, "it is published");
        }

        var runtime = await ChosenRuntime.ReadAsync(settings);
        if (runtime.UsesContainers)
        {
            builder.Configuration[TunnelKey] = "false";
        }
        else
        {
            builder.RunContainersAsProcesses(runtime.Reason);
        }

        builder.Eventing.Subscribe<BeforeStartEvent>(
            (@event, _) =>
            {
                var containers = builder.Resources.OfType<ContainerResource>().ToArray();
                var kind = runtime.UsesContainers ? "containers" : "processes";
                LogRuntime(
                    @event.Services.GetRequiredService<ILogger<ChosenRuntime>>(),
                    string.Join(", ", containers.Select(c => c.Name)),
                    kind,
                    runtime.Reason
                );

                // A process says so in its log at each start.
                foreach (var container in runtime.UsesContainers ? containers : [])
                {
                    LogRuntime(
                        @event.Services.GetRequiredService<ResourceLoggerService>().GetLogger(container),
                        container.Name,
                        "a container",
                        runtime.Reason
                    );
                }

                return Task.CompletedTask;
            }
        );
        return runtime;
    }

    /// <summary>
    /// Has a project listen where containers reach this machine as well, so that nothing stands between them and it: when it is down,
    /// connections are refused. On Linux that is the address of the engine's bridge, which other machines do not reach.
    /// </summary>
    internal static IResourceBuilder<ProjectResource> WithAddressForContainers(
        this IResourceBuilder<ProjectResource> project,
        ChosenRuntime runtime
    )
    {
        if (runtime.Bridge is not { } bridge)
        {
            return project;
        }

        var port = project.GetEndpoint("http").Property(EndpointProperty.TargetPort);
        var host = project.Resource.Annotations.OfType<EndpointAnnotation>().Single(e => e.Name == "http").TargetHost;
        return project.WithEnvironment(
            "ASPNETCORE_URLS",
            ReferenceExpression.Create($"http://{host}:{port};http://{bridge.ToString()}:{port}")
        );
    }

    [LoggerMessage(LogLevel.Information, "Runs as {Kind}: {Resources}, because {Reason}.")]
    private static partial void LogRuntime(ILogger logger, string resources, string kind, string reason);
}
