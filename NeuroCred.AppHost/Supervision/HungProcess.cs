using NeuroCred.AppHost.Processes;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.AppHost.Supervision;

/// <summary>
/// Kills the process of a replica that hangs. That resets the connections it holds requests on, so that nginx sends those to another
/// replica at once; and it ends the process, so that it is started again like any that ended by itself.
/// </summary>
internal sealed class HungProcess(
    IResourceWithEndpoints replica, BalancingPolicy policy, ResourceNotificationService notifications, TimeProvider timeProvider, SupervisorLog log)
{
    /// <summary>Probes the process that a resource has now, and kills it when it hangs.</summary>
    /// <param name="current">The resource's state. Without a process there is nothing to do.</param>
    /// <param name="ended">Cancelled when the resource does not run in that process any more, or is not meant to.</param>
    /// <param name="stoppingToken">Cancelled when the supervision ends.</param>
    internal async Task KillAsync(ResourceEvent current, CancellationToken ended, CancellationToken stoppingToken)
    {
        try
        {
            if (ResourceProcess.Find(current.Snapshot) is not { } process)
            {
                return;
            }

            using var ending = CancellationTokenSource.CreateLinkedTokenSource(ended, stoppingToken);
            using var probe = new HttpLivenessProbe(replica.Name, new(replica.GetEndpoint("http").Url), policy.Health.Liveness, timeProvider);
            var watch = new LivenessWatch(probe, process.GetProcessorTime, policy, timeProvider);
            while (true)
            {
                var reason = await watch.WaitUntilHungAsync(ending.Token);

                // The state may have changed in this moment, and the id may have gone to another process.
                if (!notifications.TryGetCurrentState(current.ResourceId, out var now) || ResourceProcess.Find(now.Snapshot) != process)
                {
                    return;
                }

                log.Hangs(reason, process.Id);
                process.Kill();
            }
        }
        catch (OperationCanceledException)
        {
            // It ended, or a user has told it to.
        }
#pragma warning disable CA1031 // Nobody waits for this: what went wrong is told here, or nowhere.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.Failed(e);
        }
    }
}
