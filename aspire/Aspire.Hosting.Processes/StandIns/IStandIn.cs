namespace Aspire.Hosting.Processes.StandIns;

/// <summary>
/// Runs a container resource of one image as a local process, honouring that image's documented contract:
/// environment, arguments, entrypoint, mounts, container files and target ports.
/// </summary>
internal interface IStandIn
{
    /// <summary>The image it stands in for, without registry, namespace and tag: <c>redis</c>.</summary>
    string Image { get; }

    /// <summary>What this machine lacks of the image's own programs, a sentence each, naming what to install.</summary>
    IReadOnlyList<string> FindMissing();

    /// <summary>
    /// Prepares the folder of the resource and says what to run. It waits up to 3 s for a port that a predecessor still holds.
    /// </summary>
    /// <exception cref="InvalidOperationException">The container cannot be run here; the message says why, and what to do.</exception>
    Task<ProcessLaunch> PrepareAsync(ContainerLaunch container);
}

/// <summary>A container resource at the moment of its start, every value resolved.</summary>
/// <param name="Image">The image without registry, namespace and tag.</param>
/// <param name="Entrypoint">The entrypoint given in the model, or null for the image's own.</param>
/// <param name="Arguments">The container's arguments, in order.</param>
/// <param name="Environment">The container's environment.</param>
/// <param name="Mounts">Bind mounts and volumes.</param>
/// <param name="Files">Files to be placed into the container before it starts.</param>
/// <param name="Ports">The ports the container serves.</param>
/// <param name="Folder">
/// An existing, empty folder for this start. It is removed with the AppHost's session. When the AppHost runs as root, Postgres and the
/// workers of nginx run as another user: then the folders above this one, and above the source of a volume, must let others pass (mode
/// 0711). </param>
internal sealed record ContainerLaunch(
    string Image,
    string? Entrypoint,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyList<ContainerMount> Mounts,
    IReadOnlyList<ContainerFileContent> Files,
    IReadOnlyList<ContainerPort> Ports,
    string Folder
);

/// <summary>A host path that appears inside the container.</summary>
/// <param name="Source">The file or folder on this machine; a folder that does not exist yet is to be made.</param>
/// <param name="Target">The absolute path in the container.</param>
internal sealed record ContainerMount(string Source, string Target);

/// <summary>A file placed into the container.</summary>
/// <param name="Path">The absolute path in the container.</param>
/// <param name="Content">Its content.</param>
/// <param name="Mode">Its permissions; 0, the default, means 0644.</param>
internal sealed record ContainerFileContent(string Path, string Content, UnixFileMode Mode = UnixFileMode.None);

/// <summary>A port that the container serves.</summary>
/// <param name="TargetPort">The port inside the container.</param>
/// <param name="ListenPort">The port that the stand-in's process listens on instead.</param>
/// <param name="ListenAddress">The address to bind, for instance 127.0.0.1.</param>
internal sealed record ContainerPort(int TargetPort, int ListenPort, string ListenAddress);

/// <summary>A process to start.</summary>
/// <param name="Command">The absolute path of the program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Its whole environment, apart from what every process inherits. It brings its own PATH.</param>
/// <param name="WorkingDirectory">Its working directory.</param>
internal sealed record ProcessLaunch(
    string Command,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    string WorkingDirectory
);
