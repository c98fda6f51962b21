using NeuroCred.Monitor.Diagnostics;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Tests.Monitor.Diagnostics;

public sealed class FindingDebouncerTests
{
    private static readonly DateTimeOffset s_start = ObservationBuilder.Now;
    private readonly FindingDebouncer _debouncer = new(TimeSpan.FromSeconds(10));

    [Fact]
    public void What_lasts_three_seconds_is_a_finding_since_its_beginning()
    {
        Assert.Empty(LookAt(0, "api-2"));
        Assert.Empty(LookAt(1, "api-2"));
        Assert.Empty(LookAt(2, "api-2"));
        Assert.Equal(s_start, Assert.Single(LookAt(3, "api-2")).Since);
        Assert.Equal(s_start, Assert.Single(LookAt(4, "api-2")).Since);
    }

    [Fact]
    public void What_pauses_for_a_moment_begins_anew()
    {
        LookAt(0, "api-2");
        LookAt(1, "api-2");
        LookAt(2);
        Assert.Empty(LookAt(3, "api-2"));
        Assert.Empty(LookAt(5, "api-2"));
        Assert.Single(LookAt(6, "api-2"));
    }

    [Fact]
    public void A_clock_that_is_set_back_lets_all_begin_anew()
    {
        LookAt(3600, "api-2");
        Assert.Single(LookAt(3603, "api-2"));

        Assert.Empty(LookAt(3));
        Assert.Empty(LookAt(4, "api-2"));
        Assert.Single(LookAt(7, "api-2"));
    }

    [Fact]
    public void A_finding_outlasts_a_moments_doubt_and_goes_after_three_seconds()
    {
        Raise();
        Assert.Single(LookAt(4));
        Assert.Single(LookAt(5, "api-2"));
        Assert.Single(LookAt(6));
        Assert.Single(LookAt(7));
        Assert.Empty(LookAt(8));
    }

    [Fact]
    public void Another_replica_is_another_finding()
    {
        Raise();
        Assert.Equal(["api-2"], LookAt(4, "api-2", "api-3").SelectMany(f => f.Replicas));
        LookAt(5, "api-2", "api-3");
        Assert.Equal(["api-2", "api-3"], LookAt(7, "api-2", "api-3").SelectMany(f => f.Replicas));
    }

    [Fact]
    public void A_finding_of_the_system_stays_the_same_when_other_replicas_are_the_worst()
    {
        for (var second = 0; second < 4; second++)
        {
            _debouncer.Update(
                s_start.AddSeconds(second),
                [Finding(FindingIds.LatencySlowSql, second % 2 == 0 ? ["api-1"] : ["api-1", "api-2"])]
            );
        }

        var found = Assert.Single(_debouncer.Update(s_start.AddSeconds(4), [Finding(FindingIds.LatencySlowSql, ["api-3"])]));
        Assert.Equal((s_start, "api-3"), (found.Since, Assert.Single(found.Replicas)));
    }

    [Fact]
    public void Nothing_is_concluded_from_what_was_not_looked_at()
    {
        LookAt(0, "api-2");
        Assert.Empty(LookAt(10, "api-2"));
        LookAt(12, "api-2");
        Assert.Equal(s_start.AddSeconds(10), Assert.Single(LookAt(13, "api-2")).Since);
    }

    private void Raise()
    {
        for (var second = 0; second <= 3; second++)
        {
            LookAt(second, "api-2");
        }
    }

    private IReadOnlyList<Finding> LookAt(int second, params string[] replicas) =>
        _debouncer.Update(s_start.AddSeconds(second), [.. replicas.Select(r => Finding(FindingIds.NoTrafficRefused, [r]))]);

    private static Finding Finding(string id, IReadOnlyList<string> replicas) =>
        new(id, FindingSeverity.Warning, replicas, "Something is wrong", "Because.", ["It was seen."], ["Mend it."]);
}
