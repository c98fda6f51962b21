using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Works out the URLs of a resource whose endpoints have addresses.</summary>
internal static class ResourceUrls
{
    internal static async Task<ImmutableArray<UrlSnapshot>> GetAsync(
        IResource resource, DistributedApplicationExecutionContext executionContext, CancellationToken cancellationToken)
    {
        var annotations = resource.Annotations.Snapshot();
        List<ResourceUrlAnnotation> urls =
        [
            .. resource is IResourceWithEndpoints withEndpoints ? withEndpoints.GetEndpoints().Select(e => new ResourceUrlAnnotation { Url = e.Url, Endpoint = e }) : [],
            .. annotations.OfType<ResourceUrlAnnotation>(),
        ];
        var context = new ResourceUrlsCallbackContext(executionContext, resource, urls, cancellationToken);
        foreach (var annotation in annotations.OfType<ResourceUrlsCallbackAnnotation>())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        return
        [
            .. context.Urls.Select(u => new UrlSnapshot(u.Endpoint?.EndpointName, Complete(u), u.DisplayLocation == UrlDisplayLocation.DetailsOnly)
            {
                DisplayProperties = new(u.DisplayText ?? "", u.DisplayOrder ?? 0),
            }),
        ];
    }

    private static string Complete(ResourceUrlAnnotation url)
        => url.Endpoint is { } endpoint && !IsAbsolute(url.Url) ? $"{endpoint.Url}/{url.Url.TrimStart('/')}" : url.Url;

    // A leading slash makes an absolute file URI on Unix.
    private static bool IsAbsolute(string url) => !url.StartsWith('/') && Uri.TryCreate(url, UriKind.Absolute, out _);
}
