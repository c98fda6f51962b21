using YamlDotNet.RepresentationModel;

namespace NeuroCred.Tests.Telemetry;

/// <summary>What <c>deploy/</c> holds for Prometheus and Grafana, and the metrics that its queries use.</summary>
internal static partial class MonitoringFiles
{
    public static string PrometheusFolder { get; } = Path.Combine(Repository.Folder, "deploy", "prometheus");

    public static string DashboardFile { get; } = Path.Combine(Repository.Folder, "deploy", "grafana", "neurocred.json");

    /// <summary>The rules' queries, and the names under which some are recorded.</summary>
    public static IReadOnlyList<(string? Record, string Query)> ReadRules()
    {
        var yaml = new YamlStream();
        using var file = File.OpenText(Path.Combine(PrometheusFolder, "rules.yml"));
        yaml.Load(file);
        var groups = (YamlSequenceNode)yaml.Documents[0].RootNode["groups"];
        return
        [
            .. groups
                .SelectMany(group => (YamlSequenceNode)group["rules"])
                .Cast<YamlMappingNode>()
                .Select(rule => (rule.Children.TryGetValue("record", out var name) ? (string?)name : null, (string)rule["expr"]!)),
        ];
    }

    /// <summary>The dashboard's panels that are no headings.</summary>
    public static IReadOnlyList<JsonElement> ReadPanels() =>
        [.. ReadDashboard().GetProperty("panels").EnumerateArray().Where(panel => panel.GetProperty("type").GetString() != "row")];

    public static JsonElement ReadDashboard() => JsonElement.Parse(File.ReadAllText(DashboardFile));

    /// <summary>The dashboard's queries, as Prometheus reads them.</summary>
    public static IReadOnlyList<string> ReadDashboardQueries() =>
        [
            .. ReadPanels()
                .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
                .Select(target => target.GetProperty("expr").GetString()!.Replace("$__rate_interval", "5m", StringComparison.Ordinal)),
        ];

    /// <summary>The names of metrics, and of recorded rules, in a query: what is left without selectors, lists of labels, functions and
    /// words.</summary>
    public static IEnumerable<string> MetricsIn(string query) =>
        Name()
            .Matches(Function().Replace(NoMetrics().Replace(query, " "), " "))
            .Select(match => match.Value)
            .Where(name => name is not ("and" or "or" or "unless"))
            .Distinct();

    /// <summary>The metric that a histogram's series belongs to, for any other the name itself.</summary>
    public static string WithoutSuffix(string series) => Suffix().Replace(series, "");

    [GeneratedRegex("""\{[^}]*\}|\[[^\]]*\]|\b(by|on|ignoring|group_left)\s*\([^)]*\)|\boffset\s+\w+|\b[0-9.]+\b""")]
    private static partial Regex NoMetrics();

    [GeneratedRegex("""\b[a-z_]+\s*(?=\()""")]
    private static partial Regex Function();

    [GeneratedRegex("[a-zA-Z_:][a-zA-Z0-9_:]*")]
    private static partial Regex Name();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
