using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>The environment that every .NET project gets.</summary>
internal static class ProjectEnvironment
{
    internal static void Add(EnvironmentCallbackContext context, IHostEnvironment hostEnvironment)
    {
        var variables = context.EnvironmentVariables;
        variables["ASPNETCORE_ENVIRONMENT"] = hostEnvironment.EnvironmentName;
        variables["DOTNET_ENVIRONMENT"] = hostEnvironment.EnvironmentName;

        var urls = ((IResourceWithEndpoints)context.Resource).GetEndpoints()
            .Where(e => e.IsHttp || e.IsHttps)
            .Select(e => ReferenceExpression.Create($"{e.Scheme}://{e.EndpointAnnotation.TargetHost}:{e.Property(EndpointProperty.TargetPort)}"))
            .ToArray();
        if (urls.Length > 0)
        {
            variables["ASPNETCORE_URLS"] = new JoinedValues(urls);
        }
    }

    private sealed class JoinedValues(IReadOnlyList<ReferenceExpression> values) : IValueProvider
    {
        public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
        {
            var texts = new List<string?>();
            foreach (var value in values)
            {
                texts.Add(await value.GetValueAsync(cancellationToken).ConfigureAwait(false));
            }

            return string.Join(';', texts);
        }
    }
}
