using NeuroCred.Monitor.Diagnostics;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Tests.Monitor.Diagnostics;

public sealed class HeldRequestsTests
{
    [Fact]
    public void Requests_that_had_to_wait_are_told_with_how_many_and_how_long()
    {
        var found = Assert.Single(Held(7, failed: 0).Judge());

        Assert.Equal((FindingIds.HeldNoReplica, FindingSeverity.Warning), (found.Id, found.Severity));
        Assert.Equal("No replica could serve: 7 requests had to wait", found.Title);
        Assert.Contains(found.Evidence, e => e.Contains("7 requests", StringComparison.Ordinal) && e.Contains("the longest for 2.5 s", StringComparison.Ordinal));
    }

    [Fact]
    public void Some_that_failed_all_the_same_are_critical()
    {
        var found = Assert.Single(Held(7, failed: 2).Judge());

        Assert.Equal((FindingSeverity.Critical, "No replica could serve: 2 of 7 held requests failed"), (found.Severity, found.Title));
        Assert.Contains(found.Evidence, e => e.Contains("longer than 6.0 s", StringComparison.Ordinal));
    }

    [Fact]
    public void None_is_nothing() => Assert.Empty(new Moment().Ids());

    [Fact]
    public void A_dependency_that_all_replicas_miss_explains_it()
    {
        var moment = Held(7, failed: 0);
        foreach (var name in (string[])["api-1", "api-2", "api-3"])
        {
            moment.State(name, ReplicaState.NotReady, "503: database", ("database", "refused"));
        }

        Assert.Equal([FindingIds.SharedDependency], moment.Ids());
    }

    private static Moment Held(long count, long failed) => new Moment().With(m => m with { Gateway = m.Gateway with { Held = Moment.Latency(2500, count), HeldFailed = failed } });
}
