namespace Aspire.Hosting.ApplicationModel;

/// <summary>A file or folder that is placed into a container before it starts.</summary>
public abstract class ContainerFileSystemItem
{
    private string _name = "";

    /// <summary>Its name, without a path.</summary>
    public string Name
    {
        get => _name;
        set => _name = Path.GetFileName(value) == value && value is not ("" or "." or "..")
            ? value
            : throw new ArgumentException($"'{value}' is not a file name: give a name without a path.", nameof(value));
    }

    /// <summary>Its permissions; 0 leaves them to the runtime.</summary>
    public UnixFileMode Mode { get; set; }
}

/// <summary>A folder that is placed into a container.</summary>
public sealed class ContainerDirectory : ContainerFileSystemItem
{
    /// <summary>What is in it.</summary>
    public IEnumerable<ContainerFileSystemItem> Entries { get; set; } = [];
}

/// <summary>A file that is placed into a container, whatever its kind.</summary>
public abstract class ContainerFileBase : ContainerFileSystemItem
{
    /// <summary>Its text, or null when <see cref="SourcePath"/> is given.</summary>
    public string? Contents { get; set; }

    /// <summary>The host file it is copied from, or null when <see cref="Contents"/> is given.</summary>
    public string? SourcePath { get; set; }
}

/// <summary>A file that is placed into a container.</summary>
public sealed class ContainerFile : ContainerFileBase;

/// <summary>Makes the files of a container at each of its starts.</summary>
public sealed class ContainerFileSystemCallbackAnnotation : IResourceAnnotation
{
    /// <summary>The absolute path in the container.</summary>
    public required string DestinationPath { get; init; }

    /// <summary>Makes the files.</summary>
    public required Func<ContainerFileSystemCallbackContext, CancellationToken, Task<IEnumerable<ContainerFileSystemItem>>> Callback { get; init; }
}

/// <summary>The container whose files are made.</summary>
public sealed class ContainerFileSystemCallbackContext
{
    /// <summary>The container.</summary>
    public required IResource Model { get; init; }

    /// <summary>The application's services.</summary>
    public required IServiceProvider ServiceProvider { get; init; }
}
