using NeuroCred.Processes;

namespace NeuroCred.AppHost.Supervision;

/// <summary>
/// Kills what a resource that hangs runs in. That resets the connections it holds requests on, so that those are sent elsewhere, or again,
/// at once; and it ends the resource, so that it is started again like any that ended by itself.
/// </summary>
internal sealed class HungResource(
    LivenessCheck liveness,
    string? engine,
    ResourceNotificationService notifications,
    TimeProvider timeProvider,
    SupervisorLog log
) : IInstanceWatch
{
    public async Task WatchAsync(ResourceEvent current, CancellationToken ended)
    {
        if (RunningInstance.Find(current.Snapshot, engine) is not { } instance)
        {
            return;
        }

        var probe = liveness.CreateProbe(timeProvider);
        using var disposable = probe as IDisposable;
        var watch = new LivenessWatch(probe, instance.GetProcessorTime, () => log.Answers(instance), liveness.Times, timeProvider);
        while (true)
        {
            var reason = await watch.WaitUntilHungAsync(ended);

            // The state may have changed in this moment, and the id may have gone to another process.
            if (
                !notifications.TryGetCurrentState(current.ResourceId, out var now)
                || RunningInstance.Find(now.Snapshot, engine) != instance
            )
            {
                return;
            }

            log.Hangs(reason, instance);
            if (!await instance.KillAsync())
            {
                log.NotKilled(instance);
            }
        }
    }
}
