using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuroCred.AppHost.Runtime;

namespace NeuroCred.AppHost.Supervision;

/// <summary>
/// Starts again what ended by itself, and kills what hangs. Nothing else depends on it: if it fails, nginx goes on serving what is there.
/// </summary>
internal sealed class Supervisor(
    IReadOnlyList<Supervised> targets,
    ChosenRuntime runtime,
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
        Task.WhenAll([.. targets.Select(target => SuperviseAsync(target, stoppingToken))]);

    private async Task SuperviseAsync(Supervised target, CancellationToken stoppingToken)
    {
        var resource = target.Resource;
        var log = new SupervisorLog(resource.Name, loggers.GetLogger(resource), logger);
        List<IInstanceWatch> watches = [];
        if (target.Liveness is { } liveness)
        {
            watches.Add(new HungResource(liveness, runtime.Engine, notifications, timeProvider, log));
        }

        if (resource is NginxResource)
        {
            watches.Add(new WorkerWatch(log));
        }

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
