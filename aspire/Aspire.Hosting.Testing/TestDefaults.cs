using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>What is different under test: no dashboard, and random ports where a proxy leaves the choice free.</summary>
internal static class TestDefaults
{
    internal static void Apply(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        options.DisableDashboard = true;
        settings.EnvironmentName ??= Environments.Development;
    }

    internal static void Apply(DistributedApplicationBuilder builder) => builder.Eventing.Subscribe<BeforeStartEvent>((@event, _) =>
    {
        foreach (var endpoint in @event.Model.Resources.SelectMany(r => r.Annotations).OfType<EndpointAnnotation>().Where(e => e.IsProxied))
        {
            endpoint.Port = null;
        }

        return Task.CompletedTask;
    });
}
