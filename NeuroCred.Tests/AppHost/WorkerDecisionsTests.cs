using NeuroCred.AppHost.Gateway;
using NeuroCred.AppHost.Supervision;

namespace NeuroCred.Tests.AppHost;

public sealed class WorkerDecisionsTests
{
    private readonly WorkerDecisions _decisions = new();

    [Fact]
    public void Workers_that_stay_call_for_nothing() =>
        Assert.All(Enumerable.Repeat<NginxWorker[]>([new(1), new(2)], 10), workers => AssertNothing(_decisions.OnLook(workers)));

    [Fact]
    public void A_worker_that_is_gone_and_was_not_told_to_leave_was_killed()
    {
        _decisions.OnLook([new(1), new(2)]);

        Assert.Equal([1], _decisions.OnLook([new(2), new(3)]).Killed);
    }

    [Fact]
    public void A_worker_that_leaves_after_a_reload_was_not_killed()
    {
        _decisions.OnLook([new(1), new(2)]);
        AssertNothing(_decisions.OnLook([new(1, IsLeaving: true), new(2, IsLeaving: true), new(3), new(4)]));

        AssertNothing(_decisions.OnLook([new(3), new(4)]));
    }

    [Fact]
    public void The_workers_that_the_supervisor_reloads_are_not_taken_to_be_killed_however_they_go()
    {
        _decisions.OnLook([new(1), new(2)]);
        Assert.Equal([1], _decisions.OnLook([new(2), new(3)]).Killed);
        _decisions.OnReload();

        // nginx has not come to it yet; then one leaves, and one is gone at once.
        AssertNothing(_decisions.OnLook([new(2), new(3)]));
        AssertNothing(_decisions.OnLook([new(2, IsLeaving: true), new(4), new(5)]));
        AssertNothing(_decisions.OnLook([new(4), new(5)]));

        Assert.Equal([4], _decisions.OnLook([new(5), new(6)]).Killed);
    }

    [Fact]
    public void A_worker_that_stands_still_in_three_looks_in_a_row_hangs()
    {
        IReadOnlyList<int> Look(bool isStopped) => _decisions.OnLook([new(1), new(2, IsStopped: isStopped)]).Hung;

        Assert.Empty(Look(true));
        Assert.Empty(Look(true));
        Assert.Empty(Look(false));
        Assert.Empty(Look(true));
        Assert.Empty(Look(true));
        Assert.Equal([2], Look(true));
    }

    private static void AssertNothing((IReadOnlyList<int> Hung, IReadOnlyList<int> Killed) reaction)
    {
        Assert.Empty(reaction.Hung);
        Assert.Empty(reaction.Killed);
    }
}
