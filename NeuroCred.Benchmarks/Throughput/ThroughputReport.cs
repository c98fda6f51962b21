using NeuroCred.Benchmarks.CommandLine;
using NeuroCred.Benchmarks.Report;

namespace NeuroCred.Benchmarks.Throughput;

/// <summary>What a run of <c>throughput</c> found.</summary>
internal sealed record ThroughputReport(
    DateTimeOffset At,
    Machine Machine,
    ThroughputOptions Options,
    IReadOnlyList<ThroughputOf> Contestants
)
{
    /// <summary>Renders it for people.</summary>
    public string RenderMarkdown()
    {
        var first = Contestants[0];
        return $"""
            # Throughput

            {At:yyyy-MM-dd HH:mm} UTC, {Machine}.

            Requests per second through each gateway to three servers that do nothing, all on this machine, asked by wrk over
            {Options.Connections} kept connections, and the processor time of the gateway for each; {Options.Rounds} rounds of
            {Options.Seconds} s, each gateway in turn. NeuroCred and YARP write what they write by default, NeuroCred an access log; the
            others log nothing.

            {Table.Render(
                Contestants,
                ("", c => c.Name),
                ("median", c => Number(c.PerSecond.Median)),
                ("least", c => Number(c.PerSecond.Percentile(0))),
                ("most", c => Number(c.PerSecond.Greatest)),
                ($"{first.Name} is", c => c == first ? "-" : Times(first.PerSecond.Median / c.PerSecond.Median)),
                ("processor", c => $"{c.CpuMicroseconds:0.0} us"))}
            """;
    }

    private static string Number(double value) => value.ToString("#,0");

    private static string Times(double value) => $"{value:0.0} x as fast";
}

/// <summary>What a contestant achieved.</summary>
internal sealed record ThroughputOf(string Name, IReadOnlyList<ThroughputRound> Rounds)
{
    /// <summary>Requests per second.</summary>
    public Distribution PerSecond => new(Rounds.Select(round => round.PerSecond));

    /// <summary>The gateway's processor time for a request, in microseconds: the median.</summary>
    public double CpuMicroseconds => new Distribution(Rounds.Select(round => round.CpuMicroseconds)).Median;
}

/// <summary>What a contestant achieved in a round.</summary>
/// <param name="PerSecond">Requests per second.</param>
/// <param name="CpuMicroseconds">The gateway's processor time for each.</param>
internal sealed record ThroughputRound(double PerSecond, double CpuMicroseconds);
