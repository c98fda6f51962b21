using NeuroCred.Balancer.Policy;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Probes;

/// <summary>Decides from the results of the probes what state a replica is in, without a clock and without I/O.</summary>
internal sealed class ReplicaStates(HealthPolicy policy)
{
    // Start times that differ by less are the same: processes report them to a hundredth of a second.
    private static readonly TimeSpan s_sameStart = TimeSpan.FromSeconds(0.5);

    private int _livenessMisses;
    private int _readinessMisses;
    private ProbeResult? _readiness;

    /// <summary>The state.</summary>
    public ReplicaState State { get; private set; } = ReplicaState.Unknown;

    /// <summary>The reason that the probe gave; null while all is well.</summary>
    public string? Reason { get; private set; }

    /// <summary>Whether another program answers on its port.</summary>
    public bool IsPortTaken { get; private set; }

    /// <summary>The dependencies that are not healthy, with the reason.</summary>
    public IReadOnlyDictionary<string, string> UnhealthyDependencies =>
        _readiness?.UnhealthyDependencies ?? new Dictionary<string, string>();

    /// <summary>When the process that answers was started.</summary>
    public DateTimeOffset? Started { get; private set; }

    /// <summary>The name that the process that answers gives itself.</summary>
    public string? ServedBy { get; private set; }

    /// <summary>
    /// One fewer than the supervisor takes: it asks on the same schedule and kills at once, and what hung is to be seen as such before it
    /// is gone.
    /// </summary>
    private int HungThreshold => Math.Max(policy.Liveness.UnhealthyThreshold - 1, 1);

    /// <summary>Adds the result of a probe of <c>/health</c>.</summary>
    /// <returns>Whether another process answers than before.</returns>
    public bool OnLiveness(ProbeResult result)
    {
        switch (result.Outcome)
        {
            case ProbeOutcome.Ok:
                return OnAlive(result);
            case ProbeOutcome.Refused or ProbeOutcome.Stranger:
                _livenessMisses = 0;
                Become(ReplicaState.Down, result.Reason);
                IsPortTaken = result.Outcome == ProbeOutcome.Stranger;
                return false;
            case ProbeOutcome.Void:
                return false;
            default:
                if (++_livenessMisses >= HungThreshold && State != ReplicaState.Down)
                {
                    Become(ReplicaState.Hung, result.Reason);
                }

                return false;
        }
    }

    /// <summary>Adds the result of a probe of <c>/health/ready</c>. Whether the replica is alive is decided by the other probe.</summary>
    public void OnReadiness(ProbeResult result)
    {
        switch (result.Outcome)
        {
            case ProbeOutcome.Ok or ProbeOutcome.Unhealthy:
                _readinessMisses = 0;
                _readiness = result;
                break;
            case ProbeOutcome.Void or ProbeOutcome.Refused or ProbeOutcome.Stranger:
                return;
            default:
                if (++_readinessMisses < policy.Readiness.UnhealthyThreshold)
                {
                    return;
                }

                _readiness = result;
                break;
        }

        // Before the first answer of /health it is not known to be alive.
        if (State.IsAlive)
        {
            ApplyReadiness();
        }
    }

    private bool OnAlive(ProbeResult result)
    {
        _livenessMisses = 0;
        var isOther = Started is { } before && result.Started is { } now && (now - before).Duration() > s_sameStart;
        if (isOther || !State.IsAlive)
        {
            // What was reported of readiness is out of date.
            _readiness = null;
            _readinessMisses = 0;
        }

        Started = result.Started ?? Started;
        ServedBy = result.ServedBy ?? ServedBy;
        if (result.IsDraining)
        {
            _readiness = null;
            Become(ReplicaState.Draining, "draining");
        }
        else
        {
            ApplyReadiness();
        }

        return isOther;
    }

    private void ApplyReadiness()
    {
        var (state, reason) = _readiness switch
        {
            null or { Outcome: ProbeOutcome.Ok, IsDegraded: false } => (ReplicaState.Serving, null),
            { Outcome: ProbeOutcome.Ok } degraded => (ReplicaState.Degraded, degraded.Reason),
            { IsDraining: true } draining => (ReplicaState.Draining, draining.Reason),
            var notReady => (ReplicaState.NotReady, notReady.Reason),
        };
        Become(state, reason);
    }

    private void Become(ReplicaState state, string? reason) => (State, Reason, IsPortTaken) = (state, reason, false);
}
