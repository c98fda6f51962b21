namespace Aspire.Hosting.Processes.StandIns;

/// <summary>
/// The folder of a container's stand-in: <c>bin</c> has the image's programs, <c>rootfs</c> the container files at their paths,
/// <c>run</c> what exists while it runs, <c>data</c> what a volume would keep.
/// </summary>
internal sealed class ContainerFolder
{
    private const UnixFileMode Traversable =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    private const UnixFileMode ReadableFile =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly ContainerLaunch _container;

    /// <summary>Makes the folders, and those mounted folders that do not exist yet; writes the container files.</summary>
    public ContainerFolder(ContainerLaunch container)
    {
        _container = container;
        Root = container.Folder;
        if (Environment.IsPrivilegedProcess)
        {
            // The services run as another user then. What is in here has permissions of its own.
            File.SetUnixFileMode(Root, File.GetUnixFileMode(Root) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        foreach (var folder in (string[])[Bin, Run, Data, RootFileSystem])
        {
            Create(folder);
        }

        foreach (var mount in container.Mounts)
        {
            if (!File.Exists(mount.Source))
            {
                Create(mount.Source);
            }

            Paths.Add(mount.Target, mount.Source);
        }

        foreach (var file in container.Files)
        {
            Write(file.Path, file.Content, file.Mode);
        }
    }

    /// <summary>The folder itself.</summary>
    public string Root { get; }

    /// <summary>The image's programs, first in the service's PATH.</summary>
    public string Bin => Path.Combine(Root, "bin");

    /// <summary>Pipes, sockets, pid files.</summary>
    public string Run => Path.Combine(Root, "run");

    /// <summary>Throw-away data.</summary>
    public string Data => Path.Combine(Root, "data");

    /// <summary>The container's files, below their container paths.</summary>
    public string RootFileSystem => Path.Combine(Root, "rootfs");

    /// <summary>Where container paths are: mounts, and files that were placed.</summary>
    public ContainerPaths Paths { get; } = new();

    /// <summary>Makes a folder that the service's user can enter.</summary>
    public static void Create(string folder)
    {
        if (!Directory.Exists(folder))
        {
            Create(Path.GetDirectoryName(folder)!);
            Directory.CreateDirectory(folder);
            File.SetUnixFileMode(folder, Traversable);
        }
    }

    /// <summary>The place below <see cref="RootFileSystem"/> of a container path.</summary>
    public string Place(string containerPath) => Path.GetFullPath(RootFileSystem + "/" + containerPath);

    /// <summary>Writes a container file below <see cref="RootFileSystem"/>; what is mounted there stays untouched.</summary>
    public void Write(string containerPath, string content, UnixFileMode mode = UnixFileMode.None)
    {
        var place = Place(containerPath);
        Create(Path.GetDirectoryName(place)!);
        File.WriteAllText(place, content);
        File.SetUnixFileMode(place, mode == UnixFileMode.None ? ReadableFile : mode);
        Paths.Add(containerPath, place);
    }

    /// <summary>
    /// Copies what is mounted at or below a container path to <see cref="RootFileSystem"/>, where it can be changed and where the service's
    /// user can read it, and makes that the path's place. Container files stay on top.
    /// </summary>
    public string CopyIn(string containerPath)
    {
        var target = Place(containerPath);
        Create(target);
        foreach (
            var mount in _container.Mounts.Where(mount => IsAtOrBelow(mount.Target, containerPath)).OrderBy(mount => mount.Target.Length)
        )
        {
            Copy(mount.Source, Place(mount.Target));
            Paths.Add(mount.Target, Place(mount.Target));
        }

        foreach (var file in _container.Files.Where(file => IsAtOrBelow(file.Path, containerPath)))
        {
            Write(file.Path, file.Content, file.Mode);
        }

        Paths.Add(containerPath, target);
        return target;
    }

    private static bool IsAtOrBelow(string path, string folder) =>
        path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static void Copy(string source, string target)
    {
        if (File.Exists(source))
        {
            Create(Path.GetDirectoryName(target)!);
            File.Copy(source, target, overwrite: true);
            return;
        }

        Create(target);
        foreach (var entry in Directory.EnumerateFileSystemEntries(source))
        {
            Copy(entry, Path.Combine(target, Path.GetFileName(entry)));
        }
    }
}
