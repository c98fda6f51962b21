using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Telemetry;
using NeuroCred.Monitor.Timeline;

namespace NeuroCred.Monitor.Probes;

/// <summary>Probes one replica, and keeps the results.</summary>
internal sealed class ReplicaProbes(
    MonitoredReplica replica,
    MonitorOptions options,
    EventTimeline timeline,
    MonitorTelemetry telemetry,
    TimeProvider time
) : IDisposable
{
    /// <summary>
    /// The longest interval of readiness probes: a policy may have a balancer with many instances probe every 30 s; the monitor is one
    /// instance, and shows changes sooner.
    /// </summary>
    private static readonly TimeSpan s_longestInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly ReplicaStates _states = new(options.Policy.Health);
    private readonly ReplicaEvents _events = new(replica.Name, timeline);
    private readonly HealthProbe _livenessProbe = new(replica, options.Policy.Health.Liveness, time);
    private readonly HealthProbe _readinessProbe = new(replica, options.Policy.Health.Readiness, time);
    private DateTimeOffset _since = time.GetUtcNow();

    /// <summary>The replica's health.</summary>
    public ReplicaHealth Read()
    {
        lock (_lock)
        {
            return new()
            {
                Replica = replica.Name,
                State = _states.State,
                Since = _since,
                Reason = _states.Reason,
                IsPortTaken = _states.IsPortTaken,
                UnhealthyDependencies = _states.UnhealthyDependencies,
                Started = _states.Started,
                ServedBy = _states.ServedBy,
            };
        }
    }

    /// <summary>Probes until cancelled. Of each kind, one probe at a time is under way.</summary>
    public Task RunAsync(CancellationToken stoppingToken)
    {
        var health = options.Policy.Health;
        var readinessInterval = health.Readiness.Interval < s_longestInterval ? health.Readiness.Interval : s_longestInterval;
        return Task.WhenAll(
            RunAsync(health.Liveness.Interval, ProbeLivenessAsync, stoppingToken),
            RunAsync(readinessInterval, ProbeReadinessAsync, stoppingToken)
        );
    }

    public void Dispose()
    {
        _livenessProbe.Dispose();
        _readinessProbe.Dispose();
    }

    private async Task RunAsync(TimeSpan interval, Func<CancellationToken, Task> probe, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            await probe(stoppingToken);
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ProbeLivenessAsync(CancellationToken cancellationToken)
    {
        var liveness = await _livenessProbe.AskAsync(cancellationToken);
        telemetry.RecordProbe(replica.Name, MonitorTelemetry.Liveness, liveness);

        // A replica that has just started is asked at once whether it can serve: until then it would count as serving.
        var readiness = liveness.Outcome == ProbeOutcome.Ok && !IsAlive() ? await ProbeForReadinessAsync(cancellationToken) : null;
        lock (_lock)
        {
            var before = _states.State;
            var isOther = _states.OnLiveness(liveness);
            if (readiness is not null)
            {
                _states.OnReadiness(readiness);
            }

            AddEvent(before, isOther);
        }
    }

    private async Task ProbeReadinessAsync(CancellationToken cancellationToken)
    {
        // A replica that hangs or is down is probed for liveness only: readiness would only time out.
        if (!IsAlive())
        {
            return;
        }

        var result = await ProbeForReadinessAsync(cancellationToken);
        lock (_lock)
        {
            var before = _states.State;
            _states.OnReadiness(result);
            AddEvent(before, isOther: false);
        }
    }

    private async Task<ProbeResult> ProbeForReadinessAsync(CancellationToken cancellationToken)
    {
        var result = await _readinessProbe.AskAsync(cancellationToken);
        telemetry.RecordProbe(replica.Name, MonitorTelemetry.Readiness, result);
        return result;
    }

    private bool IsAlive()
    {
        lock (_lock)
        {
            return _states.State.IsAlive;
        }
    }

    private void AddEvent(ReplicaState before, bool isOther)
    {
        if (before != _states.State)
        {
            _since = time.GetUtcNow();
        }

        _events.OnState(before, _states.State, _states.Reason, isOther);
    }
}
