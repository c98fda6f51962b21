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
        Assert.Contains("held 7 requests", found.Evidence[0], StringComparison.Ordinal);
        Assert.Contains("the longest for 2.5 s", found.Evidence[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Some_that_failed_all_the_same_are_critical()
    {
        var found = Assert.Single(Held(7, failed: 2).Judge());

        Assert.Equal((FindingSeverity.Critical, "No replica could serve: 2 of 7 held requests failed"), (found.Severity, found.Title));
        Assert.Contains(found.Evidence, e => e.Contains("within 6.0 s", StringComparison.Ordinal));
    }

    [Fact]
    public void A_dependency_that_all_replicas_miss_explains_it() =>
        Assert.Equal(
            [FindingIds.SharedDependency],
            Held(7, failed: 0).States(ReplicaState.NotReady, "503: database", ("database", "refused")).Ids()
        );

    private static ObservationBuilder Held(long count, long failed) =>
        new ObservationBuilder().With(m =>
            m with
            {
                Gateway = m.Gateway with { Held = ObservationBuilder.Latency(2500, count), HeldFailed = failed },
            }
        );
}
