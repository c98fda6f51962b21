using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Time.Testing;
using NeuroCred.AppHost.Supervision;

namespace NeuroCred.Tests.AppHost;

public sealed class SupervisedResourceTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly SupervisedResource _resource;

    public SupervisedResourceTests() => _resource = new(_clock);

    [Theory]
    [InlineData("Finished")]
    [InlineData("Exited")]
    public void What_ended_by_itself_is_started_again_at_once(string end)
        => Assert.Equal([null, null, StartAfter(0)], Go(KnownResourceStates.Starting, KnownResourceStates.Running, end));

    [Fact]
    public void What_a_user_stopped_stays_stopped()
        => Assert.DoesNotContain(Go(KnownResourceStates.Running, KnownResourceStates.Stopping, KnownResourceStates.Exited), d => d is not null);

    [Fact]
    public void What_a_user_stops_is_not_started_by_a_decision_of_before()
    {
        Go(KnownResourceStates.Running, KnownResourceStates.Finished);
        Assert.True(_resource.ShouldRun);

        Go(KnownResourceStates.Starting, KnownResourceStates.Running, KnownResourceStates.Stopping, KnownResourceStates.Exited);

        Assert.False(_resource.ShouldRun);
    }

    [Fact]
    public void What_a_user_started_again_is_looked_after_again()
    {
        Go(KnownResourceStates.Running, KnownResourceStates.Stopping, KnownResourceStates.Exited);

        Assert.Equal([null, null, StartAfter(0)], Go(KnownResourceStates.Starting, KnownResourceStates.Running, KnownResourceStates.Finished));
    }

    [Fact]
    public void What_never_ran_is_left_alone()
        => Assert.DoesNotContain(Go(KnownResourceStates.Waiting, KnownResourceStates.Starting, KnownResourceStates.FailedToStart), d => d is not null);

    [Fact]
    public void What_ends_again_and_again_waits_longer_each_time_and_is_given_up_after_ten_restarts()
    {
        var reactions = Enumerable.Range(0, 11).Select(_ => RunAndEnd());

        Assert.Equal([.. new[] { 0, 0.5, 1, 2, 4, 8, 15, 15, 15, 15 }.Select(StartAfter), new Reaction.GiveUp()], reactions);
        Assert.False(_resource.ShouldRun);
    }

    [Fact]
    public void What_was_given_up_is_left_alone_until_a_user_starts_it_and_then_has_as_many_chances_as_before()
    {
        foreach (var _ in Enumerable.Range(0, 11))
        {
            RunAndEnd();
        }

        Assert.Equal([null, null], Go(KnownResourceStates.FailedToStart, KnownResourceStates.Starting));
        Assert.Equal(Enumerable.Repeat(typeof(Reaction.Start), 10), Enumerable.Range(0, 10).Select(_ => RunAndEnd()!.GetType()));
    }

    [Fact]
    public void What_a_user_stops_and_starts_begins_anew()
    {
        RunAndEnd();
        RunAndEnd();

        Go(KnownResourceStates.Running, KnownResourceStates.Stopping, KnownResourceStates.Exited);

        Assert.Equal(StartAfter(0), RunAndEnd());
    }

    [Fact]
    public void What_cannot_be_started_again_is_tried_again_with_the_same_patience()
    {
        Go(KnownResourceStates.Running);

        var reactions = Enumerable.Range(0, 3).Select(_ => Go(KnownResourceStates.Starting, KnownResourceStates.FailedToStart)[^1]);

        Assert.Equal([StartAfter(0), StartAfter(0.5), StartAfter(1)], reactions);
    }

    [Fact]
    public void A_good_while_of_running_forgives_the_past()
    {
        Go(KnownResourceStates.Running, KnownResourceStates.Finished, KnownResourceStates.Running, KnownResourceStates.Finished, KnownResourceStates.Running);
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal([StartAfter(0)], Go(KnownResourceStates.Finished));
    }

    private static Reaction StartAfter(double seconds) => new Reaction.Start(TimeSpan.FromSeconds(seconds));

    private Reaction? RunAndEnd() => Go(KnownResourceStates.Running, KnownResourceStates.Finished)[^1];

    private Reaction?[] Go(params string[] states) => [.. states.Select(_resource.OnState)];
}
