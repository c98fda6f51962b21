using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Adds and configures containers.</summary>
public static class ContainerResourceBuilderExtensions
{
    /// <summary>Adds a container.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="image">The image, without a tag.</param>
    public static IResourceBuilder<ContainerResource> AddContainer(this IDistributedApplicationBuilder builder, [ResourceName] string name, string image)
        => builder.AddContainer(name, image, "latest");

    /// <summary>Adds a container.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="image">The image.</param>
    /// <param name="tag">The tag.</param>
    public static IResourceBuilder<ContainerResource> AddContainer(this IDistributedApplicationBuilder builder, [ResourceName] string name, string image, string tag)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource(new ContainerResource(name)).WithImage(image, tag);
    }

    /// <summary>Sets the image.</summary>
    public static IResourceBuilder<T> WithImage<T>(this IResourceBuilder<T> builder, string image, string? tag = null) where T : ContainerResource
        => builder.ChangeImage(i => (i.Image, i.Tag) = (image, tag ?? i.Tag ?? "latest"));

    /// <summary>Sets the image's tag.</summary>
    public static IResourceBuilder<T> WithImageTag<T>(this IResourceBuilder<T> builder, string tag) where T : ContainerResource
        => builder.ChangeImage(i => i.Tag = tag);

    /// <summary>Sets the image's registry.</summary>
    public static IResourceBuilder<T> WithImageRegistry<T>(this IResourceBuilder<T> builder, string? registry) where T : ContainerResource
        => builder.ChangeImage(i => i.Registry = registry);

    /// <summary>Sets what is run instead of the image's own entrypoint.</summary>
    public static IResourceBuilder<T> WithEntrypoint<T>(this IResourceBuilder<T> builder, string entrypoint) where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Resource.Entrypoint = entrypoint;
        return builder;
    }

    /// <summary>Mounts a volume that outlives the container.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="name">The volume's name; null for a throw-away volume.</param>
    /// <param name="target">The absolute path in the container.</param>
    /// <param name="isReadOnly">Whether the container may not write to it.</param>
    public static IResourceBuilder<T> WithVolume<T>(this IResourceBuilder<T> builder, string? name, string target, bool isReadOnly = false)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new ContainerMountAnnotation(name, target, ContainerMountType.Volume, isReadOnly));
    }

    /// <summary>Mounts a folder or file of the host.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="source">The host path; a relative one starts at the AppHost's folder.</param>
    /// <param name="target">The absolute path in the container.</param>
    /// <param name="isReadOnly">Whether the container may not write to it.</param>
    public static IResourceBuilder<T> WithBindMount<T>(this IResourceBuilder<T> builder, string source, string target, bool isReadOnly = false)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        var path = Path.GetFullPath(source, builder.ApplicationBuilder.AppHostDirectory);
        return builder.WithAnnotation(new ContainerMountAnnotation(path, target, ContainerMountType.BindMount, isReadOnly));
    }

    /// <summary>Places files into the container before each start.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="destinationPath">The absolute path in the container.</param>
    /// <param name="callback">Makes the files.</param>
    public static IResourceBuilder<T> WithContainerFiles<T>(
        this IResourceBuilder<T> builder,
        string destinationPath,
        Func<ContainerFileSystemCallbackContext, CancellationToken, Task<IEnumerable<ContainerFileSystemItem>>> callback)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new ContainerFileSystemCallbackAnnotation { DestinationPath = destinationPath, Callback = callback });
    }

    /// <summary>Places files into the container before each start.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="destinationPath">The absolute path in the container.</param>
    /// <param name="entries">The files.</param>
    public static IResourceBuilder<T> WithContainerFiles<T>(
        this IResourceBuilder<T> builder, string destinationPath, IEnumerable<ContainerFileSystemItem> entries) where T : ContainerResource
        => builder.WithContainerFiles(destinationPath, (_, _) => Task.FromResult(entries));

    private static IResourceBuilder<T> ChangeImage<T>(this IResourceBuilder<T> builder, Action<ContainerImageAnnotation> change) where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (!builder.Resource.TryGetLastAnnotation<ContainerImageAnnotation>(out var image))
        {
            image = new() { Image = builder.Resource.Name };
            builder.WithAnnotation(image);
        }

        change(image);
        return builder;
    }
}
