using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Hands a connection string to the resource, as <c>ConnectionStrings__NAME</c>.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="source">Whose connection string.</param>
    /// <param name="connectionName">The name. Default: that of the source.</param>
    /// <param name="optional">Whether the resource also starts when there is no connection string.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);
        var resource = source.Resource;
        var variable = resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{connectionName ?? resource.Name}";
        return builder.WithReferenceRelationship(resource).WithEnvironment(async context =>
        {
            var value = await resource.GetConnectionStringAsync(context.CancellationToken).ConfigureAwait(false);
            if (string.IsNullOrEmpty(value))
            {
                if (optional)
                {
                    return;
                }

                throw new DistributedApplicationException($"'{resource.Name}' has no connection string.");
            }

            context.EnvironmentVariables[variable] = value;
        });
    }

    /// <summary>Hands the endpoints of another resource to the resource, as <c>services__NAME__ENDPOINT__INDEX</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);
        return builder.WithReferenceRelationship(source.Resource).WithEnvironment(context =>
        {
            foreach (var endpoint in source.Resource.GetEndpoints().Where(e => !e.EndpointAnnotation.ExcludeReferenceEndpoint))
            {
                AddServiceVariable(context, endpoint);
            }
        });
    }

    /// <summary>Hands one endpoint of another resource to the resource, as <c>services__NAME__ENDPOINT__0</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(endpointReference);
        return builder.WithReferenceRelationship(endpointReference.Resource).WithEnvironment(context => AddServiceVariable(context, endpointReference));
    }

    /// <summary>Relates the resource to another one it uses, on the dashboard.</summary>
    public static IResourceBuilder<T> WithReferenceRelationship<T>(this IResourceBuilder<T> builder, IResource resource) where T : IResource
        => builder.WithRelationship(resource, "Reference");

    /// <summary>Puts the resource under another one on the dashboard.</summary>
    public static IResourceBuilder<T> WithParentRelationship<T>(this IResourceBuilder<T> builder, IResource parent) where T : IResource
        => builder.WithRelationship(parent, "Parent");

    /// <summary>Puts the resource under another one on the dashboard.</summary>
    public static IResourceBuilder<T> WithParentRelationship<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> parent) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(parent);
        return builder.WithParentRelationship(parent.Resource);
    }

    /// <summary>Relates the resource to another one, on the dashboard.</summary>
    public static IResourceBuilder<T> WithRelationship<T>(this IResourceBuilder<T> builder, IResource resource, string type) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new ResourceRelationshipAnnotation(resource, type));
    }

    private static void AddServiceVariable(EnvironmentCallbackContext context, EndpointReference endpoint)
    {
        var prefix = $"services__{endpoint.Resource.Name}__{endpoint.EndpointName}__";
        var index = context.EnvironmentVariables.Keys.Count(k => k.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
        context.EnvironmentVariables[prefix + index.ToString(CultureInfo.InvariantCulture)] = endpoint;
    }
}
