using NeuroCred.Benchmarks.CommandLine;
using NeuroCred.Benchmarks.Report;

namespace NeuroCred.Benchmarks.Throughput;

/// <summary>What a run of <c>throughput</c> found.</summary>
/// <param name="At">When it began.</param>
/// <param name="Machine">Where.</param>
/// <param name="Options">What was asked for.</param>
/// <param name="Contestants">Each contestant's requests per second, round by round.</param>
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
            {Options.Connections} kept connections; {Options.Rounds} rounds of {Options.Seconds} s, each gateway in turn. NeuroCred and YARP
            write what they write by default, NeuroCred an access log; the others log nothing.

            {Table.Render(
                ["", "median", "least", "most", $"{first.Name} is"],
                [.. Contestants.Select(c => (IReadOnlyList<string>)
                [
                    c.Name, Number(c.Median), Number(c.Rounds.Min()), Number(c.Rounds.Max()),
                    c == first ? "-" : Times(first.Median / c.Median),
                ])])}
            """;
    }

    private static string Number(double value) => value.ToString("#,0");

    private static string Times(double value) => $"{value:0.0} x as fast";
}

/// <summary>What a contestant achieved.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rounds">Requests per second, round by round.</param>
internal sealed record ThroughputOf(string Name, IReadOnlyList<double> Rounds)
{
    /// <summary>The middle one.</summary>
    public double Median => new Distribution(Rounds).Median;
}
