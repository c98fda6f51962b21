using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.AppHost.Supervision;

internal static class SupervisorExtensions
{
    /// <summary>
    /// Has replicas killed when they hang, and them and other resources started again when they end by themselves. One that a user
    /// stops stays stopped.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="policy">How the replicas are probed.</param>
    /// <param name="replicas">The replicas, each with an endpoint <c>http</c>.</param>
    /// <param name="others">What else is started again.</param>
    internal static void AddSupervisor(
        this IDistributedApplicationBuilder builder,
        BalancingPolicy policy,
        IReadOnlyList<IResourceBuilder<IResourceWithEndpoints>> replicas,
        IReadOnlyList<IResourceBuilder<IResource>> others)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new SupervisedResources([.. replicas.Select(r => r.Resource)], [.. others.Select(r => r.Resource)], policy));
        builder.Services.AddHostedService<Supervisor>();
    }
}
