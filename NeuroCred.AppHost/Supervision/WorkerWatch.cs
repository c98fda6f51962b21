using NeuroCred.AppHost.Gateway;
using NeuroCred.Processes;

namespace NeuroCred.AppHost.Supervision;

/// <summary>
/// Looks at nginx's workers once a second, kills one that hangs, and reloads nginx when one was killed, by whomever. Of a container the
/// processes are not known: an engine may run in a virtual machine.
/// </summary>
internal sealed class WorkerWatch(SupervisorLog log) : IInstanceWatch
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    public async Task WatchAsync(ResourceEvent current, CancellationToken ended)
    {
        if (ResourceProcess.GetId(current.Snapshot) is not { } root)
        {
            return;
        }

        using var beat = new PeriodicTimer(s_interval);
        var decisions = new WorkerDecisions();
        ResourceProcess? master = null;
        while (await beat.WaitForNextTickAsync(ended))
        {
            master ??= NginxWorkers.FindMaster(root);
            if (master is not null && NginxWorkers.Find(master.Id) is { } workers)
            {
                Act(decisions, workers, master);
            }
        }
    }

    private void Act(WorkerDecisions decisions, IReadOnlyList<NginxWorker> workers, ResourceProcess master)
    {
        var (hung, killed) = decisions.OnLook(workers);
        foreach (var id in hung)
        {
            log.WorkerHangs(id);
            ResourceProcess.Find(id)?.Kill();
        }

        if (killed is not [] && master.Reload())
        {
            log.WorkerKilled(killed);
            decisions.OnReload();
        }
    }
}
