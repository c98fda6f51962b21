using System.Text;
using NeuroCred.Benchmarks.Faults;
using NeuroCred.Benchmarks.Measurement;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Report;

/// <summary>The report of a run of <c>failover</c>, for people.</summary>
internal static class FailoverMarkdown
{
    private const string NotMeasured = "-";

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
            fresh gateway; the fault strikes after a second of calls. NeuroCred runs with its supervisor. The others run without one: a
            replica that ended is started again {Killed.PlatformRestart.TotalSeconds:0} s after its end, as a platform would, and
            one that hangs is left alone. A faulty replica is a program on a stopped replica's port, out of the supervisor's reach: there
            the gateway alone is measured. Without holding is measured only where all replicas are away, or one is cut off; what was not
            measured has a
            dash.{(
                report.Options.Quick ? " **A quick run: shorter faults, few kills; not to be published.**" : ""
            )}

            {string.Join(Environment.NewLine, report.Contestants.Select(c => $"- {c.Name}: {c.Setup}"))}

            Each cell: failed requests, of which (in parentheses) answered 503 with Retry-After; then the slowest request. Lost and doubled
            writes are named where there are any.
            """;

    private static string Overview(FailoverReport report) =>
        Table.Render(
            report.Faults,
            [
                ("", fault => fault.Name),
                .. report.Contestants.Select(c =>
                    (c.Name, (Func<ReportedFault, string>)(fault => report.Find(fault.Id, c.Id) is { } m ? Cell(m) : NotMeasured))
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
        var measured = (
            from contestant in report.Contestants
            let found = report.Find(fault.Id, contestant.Id)
            where found is not null
            select (contestant.Name, M: found)
        ).ToArray();
        List<(string Head, Func<(string Name, Measured M), string> Cell)> columns =
        [
            ("", row => row.Name),
            ("requests", row => $"{row.M.Requests}"),
            ("failed GET", row => $"{row.M.FailedReads}"),
            ("failed POST", row => $"{row.M.FailedWrites}"),
            ("503 + Retry-After", row => $"{row.M.ToldToRetry}"),
            ("median", row => Duration(row.M.Median)),
            ("p99", row => Duration(row.M.P99)),
            ("slowest", row => Duration(row.M.Slowest)),
            ("lost", row => $"{row.M.Lost}"),
            ("doubled", row => $"{row.M.Doubled}"),
            ("recognised", row => $"{row.M.Recognised}"),
        ];
        var text = new StringBuilder();
        if (fault.ShowsDistribution)
        {
            columns.Add(("by replica", row => Distribution(row.M)));
            text.AppendLine($"By replica: % of the answers of {string.Join(" / ", SystemUnderTest.Replicas)}.").AppendLine();
        }

        if (report.Measurements.Any(m => m.Fault == fault.Id && m.AfterReturn is not null))
        {
            columns.Add(("second after: failed", row => row.M.AfterReturn is { } after ? $"{after.Failed}" : NotMeasured));
            columns.Add(("second after: p99", row => row.M.AfterReturn is { } after ? Duration(after.P99) : NotMeasured));
        }

        text.AppendLine(Table.Render(measured, columns));
        var failed = measured.Where(row => row.M.Failures.Count > 0).ToArray();
        if (failed.Length > 0)
        {
            text.AppendLine("How they failed:").AppendLine();
        }

        foreach (var (name, m) in failed)
        {
            text.AppendLine($"- {name}: {string.Join(", ", m.Failures.Select(f => $"{f.Value} x {f.Key}"))}");
        }

        return text.ToString().TrimEnd() + Environment.NewLine;
    }

    private static string Distribution(Measured m)
    {
        double all = Math.Max(1, m.ByReplica.Values.Sum());
        return string.Join(" / ", SystemUnderTest.Replicas.Select(r => $"{100 * m.ByReplica.GetValueOrDefault(r) / all:0}"));
    }

    private static string Duration(double milliseconds) => milliseconds < 999.5 ? $"{milliseconds:0} ms" : $"{milliseconds / 1000:0.0} s";
}
