using NeuroCred.Benchmarks.CommandLine;
using NeuroCred.Benchmarks.Report;
using NeuroCred.Benchmarks.Throughput;
using NeuroCred.Tests.Snapshots;

namespace NeuroCred.Tests.Benchmarks;

/// <summary>What the report says about given numbers.</summary>
public sealed class FailoverReportTests
{
    private static readonly Machine s_machine = new("Some Linux", 2, new Dictionary<string, string> { ["nginx"] = "1.22.1" });

    private static readonly FailoverReport s_report = new(
        new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero),
        s_machine,
        new(),
        [new("steady", "Nothing happens", "All is well.", true), new("kill", "One replica killed", "kill -9.", false), new("gateway", "The gateway killed", "kill -9.", false)],
        [new("neurocred", "NeuroCred", "all of it"), new("other", "Another", "other.conf")],
        [
            new("steady", "neurocred") { Requests = 1000, Median = 3, P99 = 9.4, Slowest = 40, ByReplica = new Dictionary<string, int> { ["api-1"] = 333, ["api-2"] = 333, ["api-3"] = 334 } },
            new("steady", "other") { Requests = 1000, Median = 3, P99 = 9.4, Slowest = 41, ByReplica = new Dictionary<string, int> { ["api-1"] = 1000 } },
            new("kill", "neurocred") { Requests = 1000, Median = 3, P99 = 30, Slowest = 1040, Recognised = 2 },
            new("kill", "other")
            {
                Requests = 1000, FailedReads = 1, FailedWrites = 3, ToldToRetry = 1, Median = 3, P99 = 9, Slowest = 15000, Lost = 1, Doubled = 2,
                Failures = new Dictionary<string, int> { ["502"] = 3, ["503 with Retry-After"] = 1 },
            },
            new("gateway", "neurocred") { Requests = 800, FailedReads = 20, FailedWrites = 22, Median = 3, P99 = 9, Slowest = 40, Failures = new Dictionary<string, int> { ["connection broken"] = 42 } },
        ]);

    [Fact]
    public void A_row_per_fault_a_column_per_contestant_and_the_details_below() => Snapshot.Matches(FailoverMarkdown.Render(s_report), "Benchmarks/Expected/failover.md");

    [Fact]
    public void What_another_contestant_does_better_is_said()
    {
        var worse = s_report with
        {
            Measurements = [new("steady", "neurocred") { FailedReads = 2, Slowest = 40 }, new("steady", "other") { Slowest = 40 }, new("kill", "neurocred") { Slowest = 900 }, new("kill", "other") { Slowest = 500 }],
        };

        Assert.Equal(
            [
                "Nothing happens: Another had 0 failed requests, against 2.",
                "One replica killed: Another had its slowest request in 500 ms, against 900 ms.",
            ],
            Standing.Find(worse));
    }

    [Fact]
    public void A_faster_contestant_that_lost_a_write_is_not_better()
    {
        var report = s_report with { Measurements = [new("kill", "neurocred") { FailedReads = 5, Slowest = 900 }, new("kill", "other") { Lost = 1, Slowest = 10 }] };

        Assert.Empty(Standing.Find(report));
    }

    [Fact]
    public void Throughput_is_the_median_of_the_rounds_and_compared_with_the_first()
        => Snapshot.Matches(
            new ThroughputReport(s_report.At, s_machine, new ThroughputOptions { Rounds = 3 }, [new("NeuroCred", [21000, 18000, 19000]), new("Another", [5000, 6000, 5500])]).RenderMarkdown(),
            "Benchmarks/Expected/throughput.md");

    [Theory]
    [InlineData("Requests/sec:  32876.09\nTransfer/sec: 5MB", true)]
    [InlineData("Non-2xx or 3xx responses: 7\nRequests/sec:  32876.09", false)]
    [InlineData("  Socket errors: connect 0, read 3, write 0, timeout 0\nRequests/sec:  32876.09", false)]
    [InlineData("unable to connect", false)]
    public void A_throughput_that_includes_failures_is_refused(string said, bool counts)
    {
        if (counts)
        {
            Assert.Equal(32876.09, Wrk.Read(said));
        }
        else
        {
            Assert.Throws<InvalidOperationException>(() => Wrk.Read(said));
        }
    }
}
