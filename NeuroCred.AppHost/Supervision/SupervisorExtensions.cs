using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NeuroCred.AppHost.Runtime;

namespace NeuroCred.AppHost.Supervision;

internal static class SupervisorExtensions
{
    /// <summary>Has resources killed when they hang, and started again when they end by themselves. One that a user stops stays
    /// stopped.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="runtime">What runs the containers.</param>
    /// <param name="resources">The resources.</param>
    internal static void AddSupervisor(
        this IDistributedApplicationBuilder builder,
        ChosenRuntime runtime,
        IReadOnlyList<Supervised> resources
    )
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new SupervisedResources(resources, runtime.Engine));
        builder.Services.AddHostedService<Supervisor>();
    }
}
