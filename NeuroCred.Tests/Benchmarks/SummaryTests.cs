using NeuroCred.Benchmarks.Measurement;

namespace NeuroCred.Tests.Benchmarks;

/// <summary>How single outcomes become the numbers of the report.</summary>
public sealed class SummaryTests
{
    private static readonly WriteAudit s_audit = new(2, ["a"], []);

    [Fact]
    public void Failures_are_counted_by_kind_of_request_and_by_how_they_failed()
    {
        var measured = Summary.Of(
            "kill",
            "guide",
            [
                Outcome(Workload.Read, 200, 10),
                Outcome(Workload.Read, 502, 20),
                Outcome(Workload.Score, 503, 30) with
                {
                    HasRetryAfter = true,
                },
                Outcome(Workload.Transactions, null, 15_000),
                Outcome(Workload.Score, null, 5),
                Outcome(Workload.Score, 200, 40) with
                {
                    WasResent = true,
                },
            ],
            s_audit
        );

        Assert.Equal(
            (6, 1, 3, 1, 1, 1, 0),
            (
                measured.Requests,
                measured.FailedReads,
                measured.FailedWrites,
                measured.ToldToRetry,
                measured.Recognised,
                measured.Lost,
                measured.Doubled
            )
        );
        Assert.Equal(15_000, measured.Slowest);
        Assert.Equal(
            ["502", "503 with Retry-After", "connection broken", "no answer in 15 s"],
            measured.Failures.Keys.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Requests_that_were_due_in_the_second_after_a_return_are_summed_up_apart()
    {
        Outcome Due(double seconds, int status, double milliseconds) =>
            Outcome(Workload.Read, status, milliseconds) with
            {
                Due = (long)(seconds * Stopwatch.Frequency),
            };

        var measured = Summary.Of(
            "postgres-frozen",
            "neurocred",
            [Due(9.9, 503, 6000), Due(10, 200, 40), Due(10.9, 503, 70), Due(11.1, 503, 900)],
            s_audit,
            returned: 10 * Stopwatch.Frequency
        );

        Assert.Equal(new(1, 70), measured.AfterReturn);
    }

    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(1, 100)]
    public void Percentiles_are_values_that_were_measured(double share, double expected) =>
        Assert.Equal(expected, new Distribution(Enumerable.Range(1, 100).Select(i => (double)i)).Percentile(share));

    private static Outcome Outcome(string kind, int? status, double milliseconds) =>
        new(
            new(kind, "subject", () => new()),
            0,
            TimeSpan.FromMilliseconds(milliseconds),
            status,
            "api-1",
            status == 200 ? null : "failed"
        );
}
