using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Telemetry;
using NeuroCred.Monitor.Timeline;

namespace NeuroCred.Monitor.Probes;

/// <summary>Probes one replica, and keeps what was found out.</summary>
internal sealed class ReplicaProbes : IDisposable
{
    /// <summary>
    /// What is asked for readiness more rarely is asked this often all the same: a balancer that checks every 30 s keeps load off many instances; here one
    /// watches, and what changed is to be seen.
    /// </summary>
    private static readonly TimeSpan s_rarest = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly MonitoredReplica _replica;
    private readonly ReplicaStates _states;
    private readonly ReplicaEvents _events;
    private readonly ProbeHistory _liveness;
    private readonly ProbeHistory _readiness;
    private readonly HealthProbe _livenessProbe;
    private readonly HealthProbe _readinessProbe;
    private readonly TimeSpan _livenessInterval;
    private readonly TimeSpan _readinessInterval;
    private readonly MonitorTelemetry _telemetry;
    private readonly TimeProvider _time;
    private DateTimeOffset _since;

    public ReplicaProbes(MonitoredReplica replica, MonitorOptions options, EventTimeline timeline, MonitorTelemetry telemetry, TimeProvider time)
    {
        var health = options.Policy.Health;
        (_replica, _telemetry, _time, _since) = (replica, telemetry, time, time.GetUtcNow());
        _states = new(health);
        _events = new(replica.Name, timeline, options.Policy.Draining.Timeout, time);
        (_liveness, _readiness) = (new(options.Window, time), new(options.Window, time));
        _livenessProbe = new(replica, health.Liveness, time);
        _readinessProbe = new(replica, health.Readiness, time);
        _livenessInterval = health.Liveness.Interval;
        _readinessInterval = health.Readiness.Interval < s_rarest ? health.Readiness.Interval : s_rarest;
    }

    /// <summary>What is known of the replica.</summary>
    public ReplicaHealth Read()
    {
        lock (_lock)
        {
            return new()
            {
                Replica = _replica.Name,
                State = _states.State,
                Since = _since,
                Reason = _states.Reason,
                IsPortTaken = _states.IsPortTaken,
                UnwellDependencies = _states.UnwellDependencies,
                Started = _states.Started,
                Liveness = _liveness.Read(),
                Readiness = _readiness.Read(),
            };
        }
    }

    /// <summary>Probes until cancelled. Of each kind, one probe at a time is under way.</summary>
    public Task RunAsync(CancellationToken stoppingToken)
        => Task.WhenAll(RunAsync(_livenessInterval, ProbeLivenessAsync, stoppingToken), RunAsync(_readinessInterval, ProbeReadinessAsync, stoppingToken));

    public void Dispose()
    {
        _livenessProbe.Dispose();
        _readinessProbe.Dispose();
    }

    private async Task RunAsync(TimeSpan interval, Func<CancellationToken, Task> probe, CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(interval, _time);
        do
        {
            await probe(stoppingToken).ConfigureAwait(false);
        }
        while (await beat.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    private async Task ProbeLivenessAsync(CancellationToken cancellationToken)
    {
        var liveness = await _livenessProbe.AskAsync(cancellationToken).ConfigureAwait(false);
        _telemetry.RecordProbe(_replica.Name, MonitorTelemetry.Liveness, liveness);

        // One that has just come is asked at once whether it can serve, so that it is not taken to before it said so.
        var readiness = liveness.Outcome == ProbeOutcome.Ok && !IsAlive() ? await AskForReadinessAsync(cancellationToken).ConfigureAwait(false) : null;
        lock (_lock)
        {
            var before = _states.State;
            _liveness.Add(liveness);
            var isOther = _states.OnLiveness(liveness);
            if (readiness is not null)
            {
                _readiness.Add(readiness);
                _states.OnReadiness(readiness);
            }

            Tell(before, isOther);
        }
    }

    private async Task ProbeReadinessAsync(CancellationToken cancellationToken)
    {
        // One that hangs or is gone is asked by the other probe alone: here it would be waited for, and nothing learnt.
        if (!IsAlive())
        {
            return;
        }

        var result = await AskForReadinessAsync(cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            var before = _states.State;
            _readiness.Add(result);
            _states.OnReadiness(result);
            Tell(before, isOther: false);
        }
    }

    private async Task<ProbeResult> AskForReadinessAsync(CancellationToken cancellationToken)
    {
        var result = await _readinessProbe.AskAsync(cancellationToken).ConfigureAwait(false);
        _telemetry.RecordProbe(_replica.Name, MonitorTelemetry.Readiness, result);
        return result;
    }

    private bool IsAlive()
    {
        lock (_lock)
        {
            return _states.IsAlive;
        }
    }

    private void Tell(ReplicaState before, bool isOther)
    {
        if (before != _states.State)
        {
            _since = _time.GetUtcNow();
        }

        _events.OnState(before, _states.State, _states.Reason, isOther);
    }
}
