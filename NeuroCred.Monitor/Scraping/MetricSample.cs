namespace NeuroCred.Monitor.Scraping;

/// <summary>One line of a <c>/metrics</c> page: a series and its value.</summary>
/// <param name="Name">The metric's name; a histogram's parts end in <c>_bucket</c>, <c>_sum</c> and <c>_count</c>.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Value">Its value now.</param>
internal sealed record MetricSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary>The value of a label; null without that label.</summary>
    public string? this[string label] => Labels.GetValueOrDefault(label);
}
