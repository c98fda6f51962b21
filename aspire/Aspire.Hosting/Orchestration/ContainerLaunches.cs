using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.StandIns;

namespace Aspire.Hosting.Orchestration;

/// <summary>Turns container resources into processes, by the stand-in of their image.</summary>
internal sealed class ContainerLaunches(IServiceProvider services)
{
    internal async Task<ProcessLaunch> PrepareAsync(
        ContainerResource container,
        IReadOnlyDictionary<string, string> environment,
        IReadOnlyList<ResolvedArgument> arguments,
        string sessionFolder,
        CancellationToken cancellationToken)
    {
        var standIn = container.FindStandIn() ?? throw new DistributedApplicationException(
            $"'{container.Name}' needs a container runtime: the local build of the hosting API runs only these images as processes: {string.Join(", ", StandInCatalog.All.Select(s => s.Image))}.");
        var annotations = container.Annotations.Snapshot();
        var folder = Directory.CreateDirectory(Path.Combine(sessionFolder, $"{container.Name}-{Guid.NewGuid():N}"[..(container.Name.Length + 9)])).FullName;
        return await standIn.PrepareAsync(
            new(
                container.Name,
                standIn.Image,
                container.Entrypoint,
                [.. arguments.Select(a => a.Value)],
                environment,
                [.. annotations.OfType<ContainerMountAnnotation>().Select(m => GetMount(container, m, sessionFolder))],
                await GetFilesAsync(container, annotations, cancellationToken).ConfigureAwait(false),
                [.. annotations.OfType<ListenAnnotation>().Select(l => new ContainerPort(l.Endpoint.TargetPort ?? l.Port, l.Port, l.ListenAddress))],
                folder),
            cancellationToken).ConfigureAwait(false);
    }

    private static ContainerMount GetMount(ContainerResource container, ContainerMountAnnotation mount, string sessionFolder)
    {
        var source = mount switch
        {
            { Type: ContainerMountType.BindMount } => mount.Source!,
            { Source: { } volume } => Path.Combine(Volumes.Folder, volume),
            // A throw-away volume lives as long as the AppHost: longer than one start of the container.
            _ => Path.Combine(sessionFolder, $"{container.Name}-volume{mount.Target.Replace('/', '-')}"),
        };
        return new(source, mount.Target, mount.IsReadOnly);
    }

    private async Task<IReadOnlyList<ContainerFileContent>> GetFilesAsync(
        ContainerResource container, IEnumerable<IResourceAnnotation> annotations, CancellationToken cancellationToken)
    {
        var files = new List<ContainerFileContent>();
        foreach (var annotation in annotations.OfType<ContainerFileSystemCallbackAnnotation>())
        {
            var items = await annotation.Callback(new() { Model = container, ServiceProvider = services }, cancellationToken).ConfigureAwait(false);
            await AddAsync(annotation.DestinationPath.TrimEnd('/'), items).ConfigureAwait(false);
        }

        return files;

        async Task AddAsync(string folder, IEnumerable<ContainerFileSystemItem> items)
        {
            foreach (var item in items)
            {
                var path = $"{folder}/{item.Name}";
                if (item is ContainerDirectory directory)
                {
                    await AddAsync(path, directory.Entries).ConfigureAwait(false);
                }
                else if (item is ContainerFileBase file)
                {
                    var content = file.Contents ?? await File.ReadAllTextAsync(
                        file.SourcePath ?? throw new DistributedApplicationException($"The file '{path}' of '{container.Name}' has neither contents nor a source."), cancellationToken).ConfigureAwait(false);
                    files.Add(new(path, content, file.Mode));
                }
            }
        }
    }
}

internal static class ContainerStandIns
{
    /// <summary>What runs the container's image as a local process, or null when nothing does.</summary>
    internal static IStandIn? FindStandIn(this ContainerResource container)
        => container.TryGetLastAnnotation<ContainerImageAnnotation>(out var image) ? StandInCatalog.Find(image.Image) : null;
}

/// <summary>Where named volumes live when containers run as local processes.</summary>
internal static class Volumes
{
    /// <summary>
    /// Below the user's data folder (<c>XDG_DATA_HOME</c>, if set); for root in a system folder by default, since a
    /// stand-in that drops its privileges could not reach into root's home.
    /// </summary>
    internal static string Folder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? data
            : Environment.IsPrivilegedProcess ? "/var/lib"
            : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "aspire-local",
        "volumes");
}
