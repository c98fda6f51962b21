using NeuroCred.Monitor.Scraping;

namespace NeuroCred.Tests.Telemetry;

/// <summary>What a service answers at <c>/metrics</c>.</summary>
internal static class MetricsPage
{
    public static async Task<IReadOnlyList<MetricSample>> ScrapeAsync(Uri service)
    {
        using var http = new HttpClient { BaseAddress = service, Timeout = TimeSpan.FromMinutes(2) };
        return PrometheusText.Parse(await http.GetStringAsync("/metrics", Cancellation));
    }

    /// <summary>The sum over all series that have these labels; null when there is none.</summary>
    public static double? Sum(this IEnumerable<MetricSample> samples, string name, params (string Name, string Value)[] labels)
    {
        List<double> found = [.. samples.Where(s => s.Name == name && labels.All(l => s[l.Name] == l.Value)).Select(s => s.Value)];
        return found.Count == 0 ? null : found.Sum();
    }
}
