using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.StandIns;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Works out what to run for a resource that is about to start.</summary>
internal sealed class ResourceLauncher(
    DcpHost dcp,
    DistributedApplicationExecutionContext executionContext,
    ContainerLaunches containers,
    TelemetryEnvironment telemetry)
{
    internal async Task<LaunchPlan> PlanAsync(IResource resource, ILogger logger, CancellationToken cancellationToken)
    {
        var environment = await ResourceConfiguration.GetEnvironmentAsync(resource, executionContext, logger, cancellationToken).ConfigureAwait(false);
        var arguments = await ResourceConfiguration.GetArgumentsAsync(resource, executionContext, logger, cancellationToken).ConfigureAwait(false);
        telemetry.Add(resource, environment);
        return resource switch
        {
            ProjectResource project => PlanProject(project, environment, arguments),
            ExecutableResource executable => new(new(executable.Command, [.. arguments.Select(a => a.Value)], environment, executable.WorkingDirectory), environment, arguments),
            ContainerResource container => new(await containers.PrepareAsync(container, environment, arguments, dcp.SessionFolder, cancellationToken).ConfigureAwait(false), environment, arguments),
            _ => throw new InvalidOperationException($"'{resource.Name}' is no process."),
        };
    }

    internal static Executable CreateExecutable(IResource resource, string name, ProcessLaunch process)
    {
        var executable = new Executable
        {
            Spec = new()
            {
                ExecutablePath = process.Command,
                WorkingDirectory = process.WorkingDirectory,
                Args = [.. process.Arguments],
                Env = [.. process.Environment.Select(v => new DcpVariable { Name = v.Key, Value = v.Value })],
                AmbientEnvironment = new() { Behavior = AmbientEnvironment.Inherit },
            },
        };
        executable.Metadata.Name = name;
        var producers = resource.Annotations.Snapshot().OfType<ListenAnnotation>().Where(l => l.NeedsProxy)
            .Select(l => new { serviceName = l.GetServiceName(resource), address = l.ListenAddress, port = l.Port })
            .ToArray();
        if (producers.Length > 0)
        {
            executable.Metadata.Annotations = new Dictionary<string, string> { [Service.ProducerAnnotation] = JsonSerializer.Serialize(producers) };
        }

        return executable;
    }

    private static LaunchPlan PlanProject(ProjectResource project, Dictionary<string, string> environment, List<ResolvedArgument> arguments)
    {
        if (project.GetProjectMetadata() is not LocalProjectMetadata { TargetPath: var program, ProjectPath: var projectPath })
        {
            throw new DistributedApplicationException($"'{project.Name}' is no project that the AppHost refers to.");
        }

        if (!File.Exists(program))
        {
            throw new DistributedApplicationException($"'{project.Name}' is not built: '{program}' is missing. Build '{projectPath}'.");
        }

        // The program itself rather than `dotnet run`: its pid is the one to signal, and nothing is built at start.
        return new(new(DotnetHost.Path, [program, .. arguments.Select(a => a.Value)], environment, Path.GetDirectoryName(projectPath)!), environment, arguments);
    }
}

/// <summary>What to run for a resource, and what of it the dashboard shows.</summary>
/// <param name="Process">The process.</param>
/// <param name="Environment">The environment that the model gives the resource.</param>
/// <param name="Arguments">The arguments that the model gives the resource.</param>
internal sealed record LaunchPlan(ProcessLaunch Process, IReadOnlyDictionary<string, string> Environment, IReadOnlyList<ResolvedArgument> Arguments);
