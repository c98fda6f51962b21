using System.Globalization;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.AppHost.Supervision;

/// <summary>Probes one process until it hangs.</summary>
/// <param name="probe">The probe.</param>
/// <param name="policy">When a replica is taken to hang, and how long one may take to leave.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class LivenessWatch(ILivenessProbe probe, BalancingPolicy policy, TimeProvider timeProvider)
{
    /// <summary>Waits until the process hangs.</summary>
    /// <returns>What was wrong, as the end of a sentence about the replica.</returns>
    internal async Task<string> WaitUntilHungAsync(CancellationToken cancellationToken)
    {
        var decisions = new LivenessDecisions(policy.Health.Liveness, policy.Draining.Timeout);

        // A steady beat, whatever a probe takes: a replica that hangs just after an answer is found out after
        // threshold x interval + timeout, and not after threshold x (interval + timeout).
        using var beat = new PeriodicTimer(policy.Health.Liveness.Interval, timeProvider);
        while (await beat.WaitForNextTickAsync(cancellationToken))
        {
            var result = await probe.ProbeAsync(cancellationToken);
            if (decisions.OnProbe(result.Outcome))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{result.Reason}, the last of {decisions.Misses} misses in a row");
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }
}
