using NeuroCred.Balancer.Policy;

namespace NeuroCred.AppHost.Supervision;

/// <summary>When something that does not answer is taken to hang: <see cref="Interval"/> × <see cref="Misses"/> + <see cref="Timeout"/>
/// after its last answer at the latest.</summary>
/// <param name="Interval">From one question to the next.</param>
/// <param name="Timeout">How long an answer may take; no longer than the interval.</param>
/// <param name="Misses">How many questions in a row are left unanswered.</param>
/// <param name="Leaving">How much longer one may take that has closed its port, and may be finishing what it has.</param>
internal sealed record LivenessTimes(TimeSpan Interval, TimeSpan Timeout, int Misses, TimeSpan Leaving)
{
    /// <summary>How long it may take until it answers for the first time.</summary>
    internal TimeSpan Start { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>8 s. Clients notice nothing of it but slower reads, and one slow command holds up all others.</summary>
    internal static LivenessTimes Redis { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), 3, TimeSpan.FromSeconds(10));

    /// <summary>
    /// 16 s: a checkpoint on a slow disk must not look like a hang. Postgres opens its port only when its data folder is made, and the
    /// scripts of the image have run; from then on it answers, also while it recovers.
    /// </summary>
    internal static LivenessTimes Postgres { get; } =
        new(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4), 3, TimeSpan.FromSeconds(60)) { Start = TimeSpan.FromMinutes(10) };

    /// <summary>Those of a replica, which the gateway shares.</summary>
    internal static LivenessTimes Of(BalancingPolicy policy) =>
        new(
            policy.Health.Liveness.Interval,
            policy.Health.Liveness.Timeout,
            policy.Health.Liveness.UnhealthyThreshold,
            policy.Draining.Timeout
        );
}
