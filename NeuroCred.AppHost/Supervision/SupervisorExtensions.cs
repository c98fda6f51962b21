using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace NeuroCred.AppHost.Supervision;

internal static class SupervisorExtensions
{
    /// <summary>Has resources started again when they end by themselves; one that a user stops stays stopped.</summary>
    internal static void AddSupervisor(this IDistributedApplicationBuilder builder, IReadOnlyList<IResourceBuilder<IResource>> resources)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new SupervisedResources([.. resources.Select(r => r.Resource)]));
        builder.Services.AddHostedService<Supervisor>();
    }
}
