using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.AppHost.Commands;

/// <summary>What can be done to all replicas together, on the gateway.</summary>
internal static partial class GatewayCommands
{
    /// <summary>Adds the command Rolling restart.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="replicas">The replicas, each with an endpoint <c>http</c>.</param>
    /// <param name="policy">How they are asked whether they are ready.</param>
    internal static IResourceBuilder<T> WithRollingRestart<T>(
        this IResourceBuilder<T> gateway,
        IReadOnlyList<IResourceBuilder<IResourceWithEndpoints>> replicas,
        BalancingPolicy policy
    )
        where T : IResource
    {
        IReadOnlyList<IResourceWithEndpoints> resources = [.. replicas.Select(r => r.Resource)];
        var rollingRestart = new RollingRestart([.. resources.Select(r => r.Name)]);
        return gateway.WithCommand(
            "rolling-restart",
            "Rolling restart",
            ExecuteAsync,
            new()
            {
                Description =
                    "Restart the replicas one at a time, each only when the one before serves again. Clients notice nothing. The "
                    + "gateway's log shows the progress.",
                IconName = "ArrowSyncCircle",
                IconVariant = IconVariant.Filled,
                UpdateState = ReplicaCommands.WhileRunning,
            }
        );

        async Task<ExecuteCommandResult> ExecuteAsync(ExecuteCommandContext context)
        {
            var services = context.Services;
            var console = services.GetRequiredService<ILoggerFactory>().CreateLogger<RollingRestart>();
            var restart = new ReplicaRestart(
                resources,
                policy,
                services.GetRequiredService<ResourceNotificationService>(),
                services.GetRequiredService<ResourceCommandService>()
            );
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(
                context.CancellationToken,
                services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping
            );
            return await rollingRestart.RunAsync(
                restart,
                message =>
                {
                    Progress(context.Logger, message);
                    Progress(console, message);
                },
                ending.Token
            );
        }
    }

    [LoggerMessage(LogLevel.Information, "{Message}")]
    private static partial void Progress(ILogger logger, string message);
}
