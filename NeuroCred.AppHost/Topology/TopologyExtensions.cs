using Microsoft.Extensions.Options;
using NeuroCred.Settings;

namespace NeuroCred.AppHost.Topology;

internal static class TopologyExtensions
{
    /// <summary>If a setting has a mistake, or another program has one of the ports, the start fails and names all of them.</summary>
    internal static void RefuseMistakes(this IDistributedApplicationBuilder builder, SettingsReader settings, SystemTopology topology) =>
        builder.Eventing.Subscribe<BeforeStartEvent>(
            async (_, cancellationToken) =>
            {
                // A step of the pipeline tells of them otherwise.
                if (!builder.ExecutionContext.IsRunMode)
                {
                    return;
                }

                string[] errors = [.. InheritedEnvironment.FindErrors(), .. settings.Errors];
                if (errors is [])
                {
                    errors = [.. await PortsInUse.FindErrorsAsync(topology, cancellationToken)];
                }

                if (errors is not [])
                {
                    throw new OptionsValidationException("Topology", typeof(SystemTopology), errors);
                }
            }
        );

    /// <summary>Gives a replica settings that are not the default ones.</summary>
    internal static IResourceBuilder<ProjectResource> WithSettings(
        this IResourceBuilder<ProjectResource> project,
        IReadOnlyDictionary<string, string> settings
    )
    {
        foreach (var (key, value) in settings)
        {
            project.WithEnvironment(SettingsReader.Variable(key), value);
        }

        return project;
    }

    /// <summary>Gives a replica its port for requests, and the one for operators and Prometheus, without the orchestrator's
    /// proxy.</summary>
    internal static IResourceBuilder<ProjectResource> WithPortsOf(
        this IResourceBuilder<ProjectResource> project,
        Replica replica,
        string host
    ) =>
        project
            .WithHttpEndpoint(replica.Port, isProxied: false)
            .WithHttpEndpoint(replica.ManagementPort, name: Replica.Management, env: "Management__Port", isProxied: false)
            .WithEndpoint("http", endpoint => endpoint.TargetHost = host)
            .WithEndpoint(Replica.Management, endpoint => endpoint.TargetHost = host);

    /// <summary>
    /// Takes the orchestrator's TCP proxy away from before a server: it would keep callers waiting while the server is down.
    /// </summary>
    internal static IResourceBuilder<T> WithoutProxy<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints => builder.WithEndpoint("tcp", endpoint => endpoint.IsProxied = false, createIfNotExists: false);
}
