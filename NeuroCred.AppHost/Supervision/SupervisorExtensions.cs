using Microsoft.Extensions.DependencyInjection;
using NeuroCred.AppHost.Runtime;

namespace NeuroCred.AppHost.Supervision;

internal static class SupervisorExtensions
{
    /// <summary>Has resources killed when they hang, and started again when they end by themselves. One that a user stops stays
    /// stopped.</summary>
    internal static void AddSupervisor(
        this IDistributedApplicationBuilder builder,
        ChosenRuntime runtime,
        IReadOnlyList<Supervised> resources
    )
    {
        builder.Services.AddHostedService(services =>
            ActivatorUtilities.CreateInstance<Supervisor>(services, resources, runtime, TimeProvider.System)
        );
    }
}
