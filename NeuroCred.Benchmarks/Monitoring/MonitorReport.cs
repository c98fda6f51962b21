using System.Globalization;
using NeuroCred.Benchmarks.CommandLine;
using NeuroCred.Benchmarks.Report;

namespace NeuroCred.Benchmarks.Monitoring;

/// <summary>What a run of <c>monitor</c> found.</summary>
/// <param name="At">When it began.</param>
/// <param name="Machine">Where.</param>
/// <param name="Options">What was asked for.</param>
/// <param name="Ways">Each way's requests per second, round by round; the first one is without a monitor.</param>
/// <param name="Monitor">What the monitor used, round by round.</param>
internal sealed record MonitorReport(DateTimeOffset At, Machine Machine, MonitorCostOptions Options, IReadOnlyList<RatesOf> Ways, IReadOnlyList<MonitorCost> Monitor)
{
    /// <summary>Renders it for people.</summary>
    public string RenderMarkdown() => string.Create(CultureInfo.InvariantCulture, $"""
        # What the monitor costs

        {At:yyyy-MM-dd HH:mm} UTC, {Machine}.

        Requests per second through the gateway to three servers that do nothing, all on this machine, asked by wrk over {Options.Connections} kept connections;
        {Options.Rounds} rounds of {Options.Seconds} s, each way in turn. The cost is that of the same round's first row: the median, and the least and the most of all rounds.

        {Table.Render(["the access log goes to", "median", "least", "most", "cost", "cost, least to most"], [.. Ways.Select(Row)])}
        The monitor used {Median(Monitor.Select(m => m.CpuSecondsPerMillionLines)):0.0} s of a processor per million lines ({Monitor.Min(m => m.CpuSecondsPerMillionLines):0.0} to {Monitor.Max(m => m.CpuSecondsPerMillionLines):0.0}), at most {Monitor.Max(m => m.ResidentBytes) / 1048576.0:0} MiB of memory, and missed {Monitor.Sum(m => m.Missed)} of {Monitor.Sum(m => m.Lines):#,0} lines.

        """);

    private IReadOnlyList<string> Row(RatesOf way)
    {
        var costs = way.Rounds.Zip(Ways[0].Rounds, (rate, without) => 1 - (rate / without)).ToList();
        var isFirst = way == Ways[0];
        return [way.Name, Number(Median(way.Rounds)), Number(way.Rounds.Min()), Number(way.Rounds.Max()), isFirst ? "-" : Percent(Median(costs)), isFirst ? "-" : $"{Percent(costs.Min())} to {Percent(costs.Max())}"];
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Percent(double value) => string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.0} %");
}

/// <summary>Requests per second of one way.</summary>
internal sealed record RatesOf(string Name, IReadOnlyList<double> Rounds);

/// <summary>What a monitor used during one measurement.</summary>
/// <param name="CpuSecondsPerMillionLines">Processor time.</param>
/// <param name="ResidentBytes">Memory.</param>
/// <param name="Lines">The lines it read.</param>
/// <param name="Missed">Those that it lost or did not understand.</param>
internal sealed record MonitorCost(double CpuSecondsPerMillionLines, long ResidentBytes, long Lines, long Missed);
