using Microsoft.Extensions.Time.Testing;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Diagnostics;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Scraping;

namespace NeuroCred.Tests.Monitor.Diagnostics;

/// <summary>The diagnosis from its sources to its words, with a clock that only a test moves.</summary>
public sealed class DiagnosticianTests : ITrafficSource, IReplicaHealthSource, IServerMetricsSource
{
    private readonly FakeTimeProvider _time = new(ObservationBuilder.Now);
    private readonly Diagnostician _diagnostician;
    private ObservationBuilder _observation = new();

    public DiagnosticianTests()
    {
        var options = new MonitorOptions
        {
            AccessLog = "access.log",
            GatewayStatus = new("http://localhost:1"),
            Policy = new(),
            Replicas =
            [
                .. Enumerable
                    .Range(1, 3)
                    .Select(i => new MonitoredReplica($"api-{i}", new($"http://localhost:{i}"), new($"http://localhost:{i}"))),
            ],
        };
        _diagnostician = new(options, this, this, this, _time);
    }

    [Fact]
    public void When_all_is_well_it_says_so()
    {
        var diagnosis = _diagnostician.Diagnose();

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
        Assert.Equal("Nothing wrong.", _diagnostician.Diagnose().Summary);
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
        Assert.Equal("2 findings. The worst: api-2 gets no traffic: nothing listens on its port.", _diagnostician.Diagnose().Summary);
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

    TrafficWindow ITrafficSource.Read(TimeSpan window)
    {
        var now = _observation.Observe();
        return new(window, now.Gateway, [.. now.Replicas.Select(r => r.Traffic)]);
    }

    IReadOnlyList<ReplicaHealth> IReplicaHealthSource.Read() => [.. _observation.Observe().Replicas.Select(r => r.Health)];

    ServerNumbers? IServerMetricsSource.Read(string replica, TimeSpan window) =>
        _observation.Observe().Replicas.First(r => r.Name == replica).Server;

    private IEnumerable<string> Look(int seconds)
    {
        var last = _diagnostician.Diagnose();
        for (var second = 1; second < seconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            last = _diagnostician.Diagnose();
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        return last.Findings.Select(f => f.Id);
    }
}
