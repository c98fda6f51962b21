using NeuroCred.AppHost.Supervision;
using static NeuroCred.AppHost.Supervision.LivenessOutcome;

namespace NeuroCred.Tests.AppHost;

public sealed class LivenessDecisionsTests
{
    private readonly LivenessDecisions _decisions = new(LivenessTimes.Of(new BalancingPolicy()));

    [Fact]
    public void A_replica_that_misses_three_probes_in_a_row_hangs() => Assert.Equal(4, CountUntilHung(Answered, Missed, Missed, Missed));

    [Fact]
    public void An_answer_forgives_the_misses_before_it() =>
        Assert.Null(CountUntilHung(Answered, Missed, Missed, Answered, Missed, Missed));

    [Fact]
    public void A_probe_that_was_held_up_itself_neither_counts_nor_forgives() =>
        Assert.Equal(6, CountUntilHung(Answered, Missed, Missed, LivenessOutcome.Void, LivenessOutcome.Void, Missed));

    [Fact]
    public void A_replica_that_works_on_an_overloaded_machine_has_ten_seconds_more() =>
        Assert.Equal(1 + 3 + 10, CountUntilHung([Answered, .. Enumerable.Repeat(Busy, 100)]));

    [Fact]
    public void A_replica_that_stops_working_hangs_after_three_more_misses() =>
        Assert.Equal(6, CountUntilHung(Answered, Busy, Busy, Missed, Missed, Missed));

    [Fact]
    public void A_replica_that_closed_its_port_has_the_time_to_leave_as_well() =>
        Assert.Equal(1 + 3 + 5, CountUntilHung([Answered, .. Enumerable.Repeat(Refused, 100)]));

    /// <summary>After how many probes the replica is taken to hang, or null if it is not.</summary>
    private int? CountUntilHung(params LivenessOutcome[] outcomes) =>
        Array.FindIndex(outcomes, _decisions.OnProbe) is >= 0 and var index ? index + 1 : null;
}
