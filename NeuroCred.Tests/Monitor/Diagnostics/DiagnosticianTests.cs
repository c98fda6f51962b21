using NeuroCred.Monitor.Diagnostics;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Tests.Monitor.Diagnostics;

/// <summary>The diagnosis from what is observed to its words, with a clock that only a test moves.</summary>
public sealed class DiagnosticianTests
{
    private readonly Diagnostician _diagnostician = new(TestOptions.Create());
    private DateTimeOffset _now = ObservationBuilder.Now;
    private ObservationBuilder _observation = new();

    [Fact]
    public void When_all_is_well_it_says_so()
    {
        var diagnosis = Diagnose();

        Assert.Equal("Nothing wrong.", diagnosis.Summary);
        Assert.Empty(diagnosis.Findings);
        Assert.Equal(ObservationBuilder.Now, diagnosis.Time);
    }

    [Fact]
    public void A_finding_appears_after_three_seconds_and_goes_after_three_more()
    {
        _observation = new ObservationBuilder().State("api-2", ReplicaState.Down, "connection refused").Silent("api-2");
        Assert.Empty(Look(seconds: 3));
        Assert.Equal([FindingIds.NoTrafficRefused], Look(seconds: 1));
        _observation = new();
        Assert.Equal([FindingIds.NoTrafficRefused], Look(seconds: 2));
        Assert.Empty(Look(seconds: 2));
        Assert.Equal("Nothing wrong.", Diagnose().Summary);
    }

    [Fact]
    public void The_worst_is_told_first_and_in_the_summary()
    {
        _observation = new ObservationBuilder()
            .State("api-1", ReplicaState.Draining, "draining")
            .Silent("api-1")
            .State("api-2", ReplicaState.Down, "connection refused")
            .Silent("api-2");

        Assert.Equal([FindingIds.NoTrafficRefused, FindingIds.NoTrafficDrained], Look(seconds: 5));
        Assert.Equal("2 findings. The worst: api-2 gets no traffic: nothing listens on its port.", Diagnose().Summary);
    }

    [Fact]
    public void Retries_that_last_do_not_become_usual()
    {
        _observation = new ObservationBuilder().Traffic("api-2", t => t with { Answers = 90, Failures = new(0, 10, 0, 0), Failovers = 10 });

        Assert.Equal([FindingIds.RetriesRising], Look(seconds: 600));
    }

    [Fact]
    public void A_rate_of_retries_that_has_long_been_there_in_small_doubles_before_it_is_told()
    {
        _observation = new ObservationBuilder().Traffic("api-2", t => t with { Answers = 97, Failures = new(0, 3, 0, 0), Failovers = 3 });
        Assert.Empty(Look(seconds: 300));
        _observation = new ObservationBuilder().Traffic("api-2", t => t with { Answers = 95, Failures = new(0, 5, 0, 0), Failovers = 5 });
        Assert.Empty(Look(seconds: 20));
        _observation = new ObservationBuilder().Traffic("api-2", t => t with { Answers = 90, Failures = new(0, 10, 0, 0), Failovers = 10 });
        Assert.Equal([FindingIds.RetriesRising], Look(seconds: 5));
    }

    private Diagnosis Diagnose() => _diagnostician.Diagnose(_observation.Observe() with { Time = _now });

    private IEnumerable<string> Look(int seconds)
    {
        var last = Diagnose();
        for (var second = 1; second < seconds; second++)
        {
            _now = _now.AddSeconds(1);
            last = Diagnose();
        }

        _now = _now.AddSeconds(1);
        return last.Findings.Select(f => f.Id);
    }
}
