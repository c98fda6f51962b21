using NeuroCred.AppHost.Supervision;
using static Aspire.Hosting.ApplicationModel.KnownResourceStates;

namespace NeuroCred.Tests.AppHost;

public sealed class SupervisedResourceTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly SupervisedResource _resource;

    public SupervisedResourceTests() => _resource = new(_clock);

    [Theory]
    [InlineData("Finished")]
    [InlineData("Exited")]
    public void What_ended_by_itself_is_started_again_at_once(string end) =>
        Assert.Equal([null, null, StartAfter(0)], Go(Starting, Running, end));

    [Fact]
    public void What_a_user_stopped_stays_stopped() => Assert.DoesNotContain(Go(Running, Stopping, Exited), d => d is not null);

    [Fact]
    public void What_a_user_stops_is_not_started_by_a_decision_of_before()
    {
        Go(Running, Finished);
        Assert.True(_resource.ShouldRun);

        Go(Starting, Running, Stopping, Exited);

        Assert.False(_resource.ShouldRun);
    }

    [Fact]
    public void What_a_user_started_again_is_looked_after_again()
    {
        Go(Running, Stopping, Exited);

        Assert.Equal([null, null, StartAfter(0)], Go(Starting, Running, Finished));
    }

    [Fact]
    public void What_never_ran_is_left_alone() => Assert.DoesNotContain(Go(Waiting, Starting, FailedToStart), d => d is not null);

    [Fact]
    public void What_ends_again_and_again_waits_longer_each_time_up_to_half_a_minute_and_is_never_given_up()
    {
        var delays = Enumerable.Range(0, 1000).Select(_ => RunAndEnd()!.Delay.TotalSeconds).ToArray();

        Assert.Equal([0, 0.5, 1, 2, 4, 8, 16, 30, 30], delays[..9]);
        Assert.All(delays[9..], delay => Assert.Equal(30, delay));
        Assert.True(_resource.ShouldRun);
    }

    [Fact]
    public void What_does_not_last_is_shown_from_the_sixth_restart_in_a_row_until_it_lasts()
    {
        Assert.Equal([false, false, false, false, false, true, true], Enumerable.Range(0, 7).Select(_ => RunAndEnd()!.IsPersistent));

        Go(Running);
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.False(Go(Finished)[^1]!.IsPersistent);
    }

    [Fact]
    public void What_a_user_stops_and_starts_begins_anew()
    {
        RunAndEnd();
        RunAndEnd();

        Go(Running, Stopping, Exited);

        Assert.Equal(StartAfter(0), RunAndEnd());
    }

    [Fact]
    public void What_cannot_be_started_again_is_tried_again_with_the_same_patience()
    {
        Go(Running);

        var reactions = Enumerable.Range(0, 3).Select(_ => Go(Starting, FailedToStart)[^1]);

        Assert.Equal([StartAfter(0), StartAfter(0.5, 2), StartAfter(1, 3)], reactions);
    }

    [Fact]
    public void A_good_while_of_running_forgives_the_past()
    {
        Go(Running, Finished, Running, Finished, Running);
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal([StartAfter(0)], Go(Finished));
    }

    private static Restart StartAfter(double seconds, int inARow = 1) => new(TimeSpan.FromSeconds(seconds), inARow);

    private Restart? RunAndEnd() => Go(Running, Finished)[^1];

    private Restart?[] Go(params string[] states) => [.. states.Select(_resource.OnState)];
}
