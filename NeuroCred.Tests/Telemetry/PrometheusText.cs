using System.Globalization;
using System.Text.RegularExpressions;

namespace NeuroCred.Tests.Telemetry;

/// <summary>One number of a scrape.</summary>
internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>
/// Reads what <c>/metrics</c> answers: a line for each number, comments between them.
/// <code>
/// # TYPE neurocred_scores_total counter
/// neurocred_scores_total{outcome="computed"} 3
/// </code>
/// </summary>
internal static partial class PrometheusText
{
    public static async Task<IReadOnlyList<Sample>> ScrapeAsync(Uri service)
    {
        using var http = new HttpClient { BaseAddress = service, Timeout = TimeSpan.FromSeconds(15) };
        return Parse(await http.GetStringAsync("/metrics", TestContext.Current.CancellationToken));
    }

    public static IReadOnlyList<Sample> Parse(string text) =>
        [.. text.Split('\n').Where(line => line is not ("" or ['#', ..])).Select(ParseLine)];

    /// <summary>The sum over all series that have these labels; null when there is none.</summary>
    public static double? Sum(this IEnumerable<Sample> samples, string name, params (string Name, string Value)[] labels)
    {
        List<double> found = [.. samples.Where(s => s.Name == name && labels.All(l => s.Labels.GetValueOrDefault(l.Name) == l.Value)).Select(s => s.Value)];
        return found.Count == 0 ? null : found.Sum();
    }

    private static Sample ParseLine(string line)
    {
        var match = Line().Match(line);
        Assert.True(match.Success, $"No sample: {line}");
        return new(
            match.Groups["name"].Value,
            Label().Matches(match.Groups["labels"].Value).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value),
            double.Parse(match.Groups["value"].Value.Replace("+Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>.*)\})? (?<value>\S+)$""")]
    private static partial Regex Line();

    [GeneratedRegex(@"([a-zA-Z_][a-zA-Z0-9_]*)=""((?:[^""\\]|\\.)*)""")]
    private static partial Regex Label();
}
