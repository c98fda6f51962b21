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
    ILogger<Supervisor> logger
) : BackgroundService
{
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);
    private readonly StartTurns _turns = new(timeProvider);

    public override void Dispose()
    {
        _turns.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll([.. supervised.All.Select(resource => SuperviseAsync(resource, stoppingToken))]);

    private async Task SuperviseAsync(Supervised target, CancellationToken stoppingToken)
    {
        var resource = target.Resource;
        var log = new SupervisorLog(resource.Name, loggers.GetLogger(resource), logger);
        IReadOnlyList<IInstanceWatch> watches =
        [
            .. target.Liveness is { } liveness
                ? [new HungResource(liveness, supervised.Engine, notifications, timeProvider, log)]
                : Array.Empty<IInstanceWatch>(),
            .. resource is NginxResource ? [new WorkerWatch(timeProvider, log)] : Array.Empty<IInstanceWatch>(),
        ];
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var supervision = new ResourceSupervision(target, _turns, watches, notifications, commands, timeProvider, log);
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
                await Task.Delay(s_retryDelay, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
