namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something the application consists of: a project, a container, a database, a parameter.</summary>
public interface IResource
{
    /// <summary>The name, unique within the application.</summary>
    string Name { get; }

    /// <summary>Everything known about the resource beyond its name.</summary>
    ResourceAnnotationCollection Annotations { get; }
}

/// <summary>A resource that receives environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource that receives command line arguments.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>A resource that serves endpoints.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource that can wait for others before it starts.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource that belongs to another one.</summary>
public interface IResourceWithParent : IResource
{
    /// <summary>The resource it belongs to.</summary>
    IResource Parent { get; }
}

/// <inheritdoc cref="IResourceWithParent"/>
/// <typeparam name="T">The parent's type.</typeparam>
public interface IResourceWithParent<out T> : IResourceWithParent where T : IResource
{
    /// <summary>The resource it belongs to.</summary>
    new T Parent { get; }

    IResource IResourceWithParent.Parent => Parent;
}
