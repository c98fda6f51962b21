using System.Text;
using NeuroCred.Benchmarks.Faults;
using NeuroCred.Benchmarks.Measurement;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Report;

/// <summary>The report of a run of <c>failover</c>, for people.</summary>
internal static class FailoverMarkdown
{
    private const string NotMeasured = "-";

    /// <summary>Renders the whole report.</summary>
    public static string Render(FailoverReport report)
    {
        var text = new StringBuilder();
        text.AppendLine("# Failover")
            .AppendLine()
            .AppendLine($"{report.Period.First:yyyy-MM-dd HH:mm} to {report.Period.Last:HH:mm} UTC, {report.Machine}.")
            .AppendLine()
            .AppendLine(Caption(report))
            .AppendLine()
            .AppendLine(Overview(report))
            .AppendLine(Where(report))
            .AppendLine();
        foreach (var fault in report.Faults)
        {
            text.AppendLine($"## {fault.Name}").AppendLine().AppendLine(fault.Description).AppendLine().AppendLine(Details(report, fault));
        }

        return text.ToString().TrimEnd() + Environment.NewLine;
    }

    private static string Caption(FailoverReport report) =>
        $"""
            The same three replicas, Postgres and Redis behind each gateway; {report.Options.Rate} requests/s at a fixed rate (open loop),
            half GET, half POST, over kept connections, by clients that never resend. Each measurement starts with healthy replicas and a
            fresh gateway; the fault strikes after a second of calls. Beside NeuroCred its supervisor runs. Beside all others nothing does:
            what ended is started again {FaultRun.PlatformRestart.TotalSeconds:0} s after its end, as a platform would, and what hangs is
            left alone. A faulty replica is a program on a stopped replica's port, out of the supervisor's reach: there the gateway alone
            is measured. Without holding is measured only where all replicas are away, or one is cut off; what was not measured has a
            dash.{(
                report.Options.Quick ? " **A quick run: shorter faults, few kills; not to be published.**" : ""
            )}

            {string.Join(Environment.NewLine, report.Contestants.Select(c => $"- {c.Name}: {c.Setup}"))}

            Each cell: failed requests, of which (in parentheses) answered 503 with Retry-After; then the slowest request. Lost and doubled
            writes are named where there are any.
            """;

    private static string Overview(FailoverReport report) =>
        Table.Render(
            ["", .. report.Contestants.Select(c => c.Name)],
            [
                .. report.Faults.Select(f =>
                    (IReadOnlyList<string>)
                        [f.Name, .. report.Contestants.Select(c => report.Find(f.Id, c.Id) is { } m ? Cell(m) : NotMeasured)]
                ),
            ]
        );

    private static string Cell(Measured m)
    {
        var told = m.ToldToRetry > 0 ? $" ({m.ToldToRetry})" : "";
        var wrong = (m.Lost, m.Doubled) switch
        {
            (0, 0) => "",
            (var lost, 0) => $", **{lost} lost**",
            (0, var doubled) => $", **{doubled} doubled**",
            var (lost, doubled) => $", **{lost} lost, {doubled} doubled**",
        };
        return $"{m.Failed}{told}{wrong}; {Duration(m.Slowest)}";
    }

    private static string Where(FailoverReport report) =>
        Shortfalls.Find(report) switch
        {
            _ when report.Contestants.Count < 2 => "",
            [] => $"{report.Contestants[0].Name} is best or equal in every row.",
            var sentences => $"{report.Contestants[0].Name} is not the best "
                + $"here:{Environment.NewLine}{Environment.NewLine}{string.Join(Environment.NewLine, sentences.Select(s => $"- {s}"))}",
        };

    private static string Details(FailoverReport report, ReportedFault fault)
    {
        List<string> head =
        [
            "",
            "requests",
            "failed GET",
            "failed POST",
            "503 + Retry-After",
            "median",
            "p99",
            "slowest",
            "lost",
            "doubled",
            "recognised",
        ];
        if (fault.ShowsDistribution)
        {
            head.Add("by replica");
        }

        var showsReturn = report.Measurements.Any(m => m.Fault == fault.Id && m.AfterReturn is not null);
        if (showsReturn)
        {
            head.Add("second after: failed");
            head.Add("second after: p99");
        }

        var rows = new List<IReadOnlyList<string>>();
        var failures = new StringBuilder();
        foreach (var contestant in report.Contestants)
        {
            if (report.Find(fault.Id, contestant.Id) is not { } m)
            {
                continue;
            }

            List<string> row =
            [
                contestant.Name,
                $"{m.Requests}",
                $"{m.FailedReads}",
                $"{m.FailedWrites}",
                $"{m.ToldToRetry}",
                Duration(m.Median),
                Duration(m.P99),
                Duration(m.Slowest),
                $"{m.Lost}",
                $"{m.Doubled}",
                $"{m.Recognised}",
            ];
            if (fault.ShowsDistribution)
            {
                row.Add(Distribution(m));
            }

            if (showsReturn)
            {
                row.Add(m.AfterReturn is { } after ? $"{after.Failed}" : "-");
                row.Add(m.AfterReturn is { } then ? Duration(then.P99) : "-");
            }

            rows.Add(row);
            if (m.Failures.Count > 0)
            {
                failures.AppendLine($"- {contestant.Name}: {string.Join(", ", m.Failures.Select(f => $"{f.Value} x {f.Key}"))}");
            }
        }

        var distribution = fault.ShowsDistribution
            ? $"By replica: % of the answers of {string.Join(" / ", SystemUnderTest.Replicas)}.{Environment.NewLine}{Environment.NewLine}"
            : "";
        var how = failures.Length > 0 ? $"How they failed:{Environment.NewLine}{Environment.NewLine}{failures}{Environment.NewLine}" : "";
        return $"{distribution}{Table.Render(head, rows)}{Environment.NewLine}{how}".TrimEnd() + Environment.NewLine;
    }

    private static string Distribution(Measured m)
    {
        double all = Math.Max(1, m.ByReplica.Values.Sum());
        return string.Join(" / ", SystemUnderTest.Replicas.Select(r => $"{100 * m.ByReplica.GetValueOrDefault(r) / all:0}"));
    }

    private static string Duration(double milliseconds) => milliseconds < 999.5 ? $"{milliseconds:0} ms" : $"{milliseconds / 1000:0.0} s";
}
