namespace Aspire.Hosting.ApplicationModel;

/// <summary>A container.</summary>
/// <param name="name">Its name.</param>
/// <param name="entrypoint">What to run instead of the image's own entrypoint.</param>
public class ContainerResource(string name, string? entrypoint = null)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    /// <summary>What to run instead of the image's own entrypoint.</summary>
    public string? Entrypoint { get; set; } = entrypoint;
}

/// <summary>The image of a container.</summary>
public sealed class ContainerImageAnnotation : IResourceAnnotation
{
    /// <summary>The registry, or null for the runtime's default.</summary>
    public string? Registry { get; set; }

    /// <summary>The image's name without registry and tag.</summary>
    public required string Image { get; set; }

    /// <summary>The tag.</summary>
    public string? Tag { get; set; }
}

/// <summary>A folder of the host, or a volume, that appears inside a container.</summary>
public sealed class ContainerMountAnnotation : IResourceAnnotation
{
    /// <summary>Describes a mount.</summary>
    /// <param name="source">The host folder, or the volume's name; null for a throw-away volume.</param>
    /// <param name="target">The absolute path in the container.</param>
    /// <param name="type">Whether it is a folder or a volume.</param>
    /// <param name="isReadOnly">Whether the container may not write to it.</param>
    public ContainerMountAnnotation(string? source, string target, ContainerMountType type, bool isReadOnly)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        if (type == ContainerMountType.BindMount)
        {
            ArgumentException.ThrowIfNullOrEmpty(source);
            if (!Path.IsPathRooted(source))
            {
                throw new ArgumentException($"A bind mount needs an absolute path, and '{source}' is none.", nameof(source));
            }
        }

        Source = source;
        Target = target;
        Type = type;
        IsReadOnly = isReadOnly;
    }

    /// <summary>The host folder, or the volume's name; null for a throw-away volume.</summary>
    public string? Source { get; }

    /// <summary>The absolute path in the container.</summary>
    public string Target { get; }

    /// <summary>Whether it is a folder or a volume.</summary>
    public ContainerMountType Type { get; }

    /// <summary>Whether the container may not write to it.</summary>
    public bool IsReadOnly { get; }
}

/// <summary>Where a mount's content lives.</summary>
public enum ContainerMountType
{
    /// <summary>In a folder of the host.</summary>
    BindMount = 0,

    /// <summary>In a volume that outlives the container, unless it has no name.</summary>
    Volume = 1,
}
