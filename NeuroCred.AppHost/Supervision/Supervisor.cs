using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NeuroCred.AppHost.Supervision;

/// <summary>
/// Starts again what ended by itself, and kills what hangs. Nothing else depends on it: if it fails, nginx goes on serving what is there.
/// </summary>
internal sealed class Supervisor(
    SupervisedResources supervised,
    ResourceNotificationService notifications,
    ResourceCommandService commands,
    ResourceLoggerService loggers,
    TimeProvider timeProvider,
    ILogger<Supervisor> logger) : BackgroundService
{
    private static readonly TimeSpan s_respite = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => Task.WhenAll(
        [
            .. supervised.Probed.Select(resource => SuperviseAsync(resource, Watch, stoppingToken)),
            .. supervised.Others.Select(resource => SuperviseAsync(resource, _ => null, stoppingToken)),
        ]);

    private async Task SuperviseAsync<T>(T resource, Func<T, HungProcess?> watch, CancellationToken stoppingToken) where T : IResource
    {
        var log = new SupervisorLog(resource.Name, loggers.GetLogger(resource), logger);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var supervision = new ResourceSupervision(resource, watch(resource), notifications, commands, timeProvider, log);
                await supervision.RunAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                // The application stops, and what ends now is meant to.
                return;
            }
#pragma warning disable CA1031 // A fault in the supervisor must end neither the application, nor the supervision of anything else.
            catch (Exception e)
#pragma warning restore CA1031
            {
                log.Failed(e);
                await Task.Delay(s_respite, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private HungProcess Watch(IResourceWithEndpoints replica)
        => new(replica, supervised.Policy, notifications, timeProvider, new(replica.Name, loggers.GetLogger(replica), logger));
}

/// <summary>What the supervisor looks after.</summary>
/// <param name="Probed">What is probed by HTTP as well.</param>
/// <param name="Others">What is only started again.</param>
/// <param name="Policy">How to probe.</param>
internal sealed record SupervisedResources(
    IReadOnlyList<IResourceWithEndpoints> Probed, IReadOnlyList<IResource> Others, NeuroCred.Balancer.Policy.BalancingPolicy Policy);
