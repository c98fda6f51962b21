using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Has the resource wait, before each start, until another one runs and is healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency) where T : IResourceWithWaitSupport
        => builder.AddWait(dependency, WaitType.WaitUntilHealthy, behavior: null);

    /// <summary>Has the resource wait, before each start, until another one runs and is healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitBehavior waitBehavior)
        where T : IResourceWithWaitSupport
        => builder.AddWait(dependency, WaitType.WaitUntilHealthy, waitBehavior);

    /// <summary>Has the resource wait, before each start, until another one runs.</summary>
    public static IResourceBuilder<T> WaitForStart<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency) where T : IResourceWithWaitSupport
        => builder.AddWait(dependency, WaitType.WaitUntilStarted, behavior: null);

    /// <summary>Has the resource wait, before each start, until another one has ended with an exit code.</summary>
    public static IResourceBuilder<T> WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport
        => builder.AddWait(dependency, WaitType.WaitForCompletion, behavior: null, exitCode);

    /// <summary>Leaves the resource unstarted until someone starts it.</summary>
    public static IResourceBuilder<T> WithExplicitStart<T>(this IResourceBuilder<T> builder) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new ExplicitStartupAnnotation());
    }

    /// <summary>Has a health check that is registered by a key speak for the resource.</summary>
    /// <exception cref="DistributedApplicationException">It does so already.</exception>
    public static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> builder, string key) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(key);
        return builder.Resource.Annotations.Snapshot().OfType<HealthCheckAnnotation>().Any(a => a.Key == key)
            ? throw new DistributedApplicationException($"'{builder.Resource.Name}' has the health check '{key}' already.")
            : builder.WithAnnotation(new HealthCheckAnnotation(key));
    }

    /// <summary>Calls the resource healthy when an HTTP endpoint answers with a status.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="path">The path. Default: /.</param>
    /// <param name="statusCode">The status. Default: 200.</param>
    /// <param name="endpointName">The endpoint. Default: the first one that is http or https.</param>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        string? path = null,
        int? statusCode = null,
        [EndpointName] string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        var resource = builder.Resource;
        var key = $"{resource.Name}_{endpointName ?? "http"}_{path ?? "/"}_{statusCode ?? 200}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks().Add(new(
            key,
            _ => new HttpEndpointHealthCheck(resource, endpointName, path ?? "/", statusCode ?? 200),
            failureStatus: HealthStatus.Unhealthy,
            tags: null));
        return builder.WithHealthCheck(key);
    }

    /// <summary>Adds a command to the resource.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="name">The name it is called by.</param>
    /// <param name="displayName">The name it is shown by.</param>
    /// <param name="executeCommand">Does it.</param>
    /// <param name="commandOptions">How it looks and when it can be used.</param>
    public static IResourceBuilder<T> WithCommand<T>(
        this IResourceBuilder<T> builder,
        string name,
        string displayName,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
        CommandOptions? commandOptions = null)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(executeCommand);
        foreach (var existing in builder.Resource.Annotations.Snapshot().OfType<ResourceCommandAnnotation>().Where(c => c.Name == name))
        {
            builder.Resource.Annotations.Remove(existing);
        }

        var options = commandOptions ?? CommandOptions.Default;
        return builder.WithAnnotation(new ResourceCommandAnnotation(
            name,
            displayName,
            options.UpdateState ?? (_ => ResourceCommandState.Enabled),
            executeCommand,
            options.Description,
            options.Parameter,
            options.ConfirmationMessage,
            options.IconName,
            options.IconVariant,
            options.IsHighlighted));
    }

    /// <summary>Gives the resource an icon on the dashboard.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="iconName">The name of a Fluent UI icon.</param>
    /// <param name="iconVariant">Its variant.</param>
    public static IResourceBuilder<T> WithIconName<T>(this IResourceBuilder<T> builder, string iconName, IconVariant iconVariant = IconVariant.Filled)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new ResourceIconAnnotation(iconName, iconVariant), ResourceAnnotationMutationBehavior.Replace);
    }

    private static IResourceBuilder<T> AddWait<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitType type, WaitBehavior? behavior, int exitCode = 0)
        where T : IResourceWithWaitSupport
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(dependency);
        var resource = dependency.Resource;
        if (ReferenceEquals(builder.Resource, resource) || (builder.Resource is IResourceWithParent { Parent: var parent } && ReferenceEquals(parent, resource)))
        {
            throw new DistributedApplicationException($"'{builder.Resource.Name}' cannot wait for '{resource.Name}': it is the same resource or its own parent.");
        }

        // A child is only there when its parent is.
        if (type != WaitType.WaitForCompletion && resource is IResourceWithParent { Parent: { } owner })
        {
            builder.WithAnnotation(new WaitAnnotation(owner, type) { WaitBehavior = behavior });
        }

        return builder
            .WithAnnotation(new WaitAnnotation(resource, type, exitCode) { WaitBehavior = behavior })
            .WithRelationship(resource, "WaitFor");
    }
}
