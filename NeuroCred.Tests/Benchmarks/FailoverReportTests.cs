using NeuroCred.Benchmarks.CommandLine;
using NeuroCred.Benchmarks.Faults;
using NeuroCred.Benchmarks.Measurement;
using NeuroCred.Benchmarks.Report;
using NeuroCred.Benchmarks.Throughput;

namespace NeuroCred.Tests.Benchmarks;

/// <summary>What the report says about given numbers.</summary>
public sealed class FailoverReportTests
{
    private static readonly Machine s_machine = new("Some Linux", 2, new Dictionary<string, string> { ["nginx"] = "1.22.1" });

    private static readonly DateTimeOffset s_at = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private static readonly FailoverReport s_report = new(
        s_machine,
        new(),
        [
            new("steady", "Nothing happens", "All is well.", true),
            new("kill", "One replica killed", "kill -9.", false),
            new("gateway", "The gateway killed", "kill -9.", false),
        ],
        [new("neurocred", "NeuroCred", "all of it"), new("other", "Another", "other.conf")],
        [
            new("steady", "neurocred")
            {
                At = s_at,
                Requests = 1000,
                Median = 3,
                P99 = 9.4,
                Slowest = 40,
                ByReplica = new Dictionary<string, int>
                {
                    ["api-1"] = 333,
                    ["api-2"] = 333,
                    ["api-3"] = 334,
                },
            },
            new("steady", "other")
            {
                At = s_at.AddMinutes(2),
                Requests = 1000,
                Median = 3,
                P99 = 9.4,
                Slowest = 41,
                ByReplica = new Dictionary<string, int> { ["api-1"] = 1000 },
            },
            new("kill", "neurocred")
            {
                At = s_at.AddMinutes(3),
                Requests = 1000,
                Median = 3,
                P99 = 30,
                Slowest = 1040,
                AfterReturn = new(1, 250),
                Recognised = 2,
            },
            new("kill", "other")
            {
                At = s_at.AddMinutes(4),
                Requests = 1000,
                FailedReads = 1,
                FailedWrites = 3,
                ToldToRetry = 1,
                Median = 3,
                P99 = 9,
                Slowest = 15000,
                Lost = 1,
                Doubled = 2,
                Failures = new Dictionary<string, int> { ["502"] = 3, ["503 with Retry-After"] = 1 },
            },
            new("gateway", "neurocred")
            {
                At = s_at.AddMinutes(5),
                Requests = 800,
                FailedReads = 20,
                FailedWrites = 22,
                Median = 3,
                P99 = 9,
                Slowest = 40,
                Failures = new Dictionary<string, int> { ["connection broken"] = 42 },
            },
        ]
    );

    [Fact]
    public void A_row_per_fault_a_column_per_contestant_and_the_details_below() =>
        Snapshot.Matches(FailoverMarkdown.Render(s_report), "Benchmarks/Expected/failover.md");

    [Fact]
    public void What_another_contestant_does_better_is_said() =>
        Assert.Equal(
            [
                "Nothing happens: Another had 0 failed requests, against 2.",
                "One replica killed: Another had its slowest request in 500 ms, against 900 ms.",
            ],
            FindShortfalls(
                new("steady", "neurocred") { FailedReads = 2, Slowest = 40 },
                new("steady", "other") { Slowest = 40 },
                new("kill", "neurocred") { Slowest = 900 },
                new("kill", "other") { Slowest = 500 }
            )
        );

    [Fact]
    public void Where_nothing_happens_the_p99_counts_and_not_the_slowest() =>
        Assert.Equal(
            ["Nothing happens: Another had a p99 of 10 ms, against 19 ms."],
            FindShortfalls(new("steady", "neurocred") { P99 = 19, Slowest = 30 }, new("steady", "other") { P99 = 10, Slowest = 900 })
        );

    [Fact]
    public void A_row_that_the_first_contestant_lacks_is_not_held_against_it() =>
        Assert.Empty(FindShortfalls(new("gateway", "other") { Slowest = 40 }, new("kill", "neurocred") { Slowest = 40 }));

    [Fact]
    public void A_faster_contestant_that_lost_a_write_is_not_better() =>
        Assert.Empty(
            FindShortfalls(new("kill", "neurocred") { FailedReads = 5, Slowest = 900 }, new("kill", "other") { Lost = 1, Slowest = 10 })
        );

    [Fact]
    public void Every_fault_is_explained_and_has_an_id_of_its_own()
    {
        var faults = FaultCatalogue.Create(20, quick: false);

        Assert.All(faults, fault => Assert.False(string.IsNullOrWhiteSpace(fault.Description)));
        Assert.Distinct(faults.Select(fault => fault.Id));
        Assert.Distinct(faults.Select(fault => fault.Name));
    }

    [Fact]
    public void A_report_made_in_parts_has_the_rows_of_all_parts_and_of_each_the_latest()
    {
        var first = s_report with
        {
            Measurements =
            [
                new("steady", "neurocred") { Slowest = 1 },
                new("steady", "other") { Slowest = 2 },
                new("gateway", "neurocred") { Slowest = 3 },
            ],
        };
        var second = s_report with
        {
            Faults = [s_report.Faults[0]],
            Contestants = [s_report.Contestants[0]],
            Measurements = [new("steady", "neurocred") { Slowest = 4 }],
        };

        var both = second.AddTo(first, s_report.Faults, s_report.Contestants);

        Assert.Equal(["steady", "gateway"], both.Faults.Select(f => f.Id));
        Assert.Equal(["neurocred", "other"], both.Contestants.Select(c => c.Id));
        Assert.Equal(
            (4, 2, 3),
            (both.Find("steady", "neurocred")!.Slowest, both.Find("steady", "other")!.Slowest, both.Find("gateway", "neurocred")!.Slowest)
        );
        Assert.Equal(3, both.Measurements.Count);
    }

    [Fact]
    public void A_quick_run_is_not_added_to_a_full_one() =>
        Assert.Throws<InvalidOperationException>(() =>
            (s_report with { Options = new() { Quick = true } }).AddTo(s_report, s_report.Faults, s_report.Contestants)
        );

    [Fact]
    public async Task A_report_that_was_written_is_read_again()
    {
        using var folder = new TemporaryFolder();
        await ReportFiles.WriteAsync(folder.Path, "failover", s_report, "");

        var read = ReportFiles.Read<FailoverReport>(folder.At("failover.json"), "");

        Assert.Equal(FailoverMarkdown.Render(s_report), FailoverMarkdown.Render(read));
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"machine":{"system":"x","cores":2,"versions":{}},"faults":[],"contestants":[],"measurements":[]}""")]
    public async Task A_file_that_is_no_report_is_named_with_what_to_do(string content)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, content, Cancellation);

        var error = Assert.Throws<InvalidOperationException>(() => ReportFiles.Read<FailoverReport>(file, "Give another --out."));

        Assert.StartsWith($"{file} is no report of this version: ", error.Message);
        Assert.EndsWith(" Give another --out.", error.Message);
        File.Delete(file);
    }

    [Fact]
    public void Throughput_is_the_median_of_the_rounds_and_compared_with_the_first() =>
        Snapshot.Matches(
            new ThroughputReport(
                s_at,
                s_machine,
                new ThroughputOptions { Rounds = 3 },
                [
                    new("NeuroCred", [new(21000, 20), new(18000, 22), new(19000, 21)]),
                    new("Another", [new(5000, 90), new(6000, 100), new(5500, 80)]),
                ]
            ).RenderMarkdown(),
            "Benchmarks/Expected/throughput.md"
        );

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

    private static IReadOnlyList<string> FindShortfalls(params Measured[] measured) =>
        Shortfalls.Find(s_report with { Measurements = measured });
}
