using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Health;

/// <summary>Makes sure that every health check a resource names is registered: one that is not would always be healthy.</summary>
internal static class HealthCheckKeys
{
    /// <exception cref="DistributedApplicationException">Some are not; all of them are named.</exception>
    internal static void Check(DistributedApplicationModel model, HealthCheckServiceOptions options)
    {
        var registered = options.Registrations.Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        string[] missing =
        [
            .. from resource in model.Resources
               from check in resource.Annotations.Snapshot().OfType<HealthCheckAnnotation>()
               where !registered.Contains(check.Key)
               select $"The health check '{check.Key}' of '{resource.Name}' is not registered: add it by Services.AddHealthChecks().",
        ];
        if (missing.Length > 0)
        {
            throw new DistributedApplicationException(string.Join(Environment.NewLine, missing));
        }
    }
}
