namespace NeuroCred.Tests.Telemetry;

/// <summary>What an operator loads into Prometheus and Grafana is accepted there, and does what it says.</summary>
[StartsProcesses]
public class MonitoringFilesTests
{
    [Theory]
    [InlineData("check", "config", "prometheus.yml")]
    [InlineData("check", "rules", "rules.yml")]
    [InlineData("test", "rules", "rules.test.yml")]
    public async Task Promtool_accepts_the_files_and_each_alert_fires_when_it_should(params string[] arguments)
    {
        var (code, output) = await RunPromtoolAsync(MonitoringFiles.PrometheusFolder, arguments);

        Assert.True(code == 0, output);
    }

    [Fact]
    public void Every_alert_is_tested() =>
        Assert.All(
            File.ReadLines(Path.Combine(MonitoringFiles.PrometheusFolder, "rules.yml"))
                .Where(line => line.Contains("- alert: ", StringComparison.Ordinal)),
            alert =>
                Assert.Contains(
                    $"- alertname: {alert.Split(": ")[1]}\n",
                    File.ReadAllText(Path.Combine(MonitoringFiles.PrometheusFolder, "rules.test.yml")),
                    StringComparison.Ordinal
                )
        );

    [Fact]
    public void The_dashboard_has_a_schema_and_takes_its_data_from_where_its_user_says()
    {
        var dashboard = MonitoringFiles.ReadDashboard();
        var panels = MonitoringFiles.ReadPanels();
        var ids = dashboard.GetProperty("panels").EnumerateArray().Select(panel => panel.GetProperty("id").GetInt32()).ToList();

        Assert.Equal(39, dashboard.GetProperty("schemaVersion").GetInt32());
        Assert.Equal(
            "datasource",
            Assert.Single(dashboard.GetProperty("templating").GetProperty("list").EnumerateArray()).GetProperty("type").GetString()
        );
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(
            panels,
            panel =>
            {
                Assert.NotEmpty(panel.GetProperty("title").GetString()!);
                Assert.Equal("${datasource}", panel.GetProperty("datasource").GetProperty("uid").GetString());
                Assert.All(
                    panel.GetProperty("targets").EnumerateArray(),
                    target => Assert.Equal("${datasource}", target.GetProperty("datasource").GetProperty("uid").GetString())
                );
            }
        );
    }

    [Fact]
    public async Task Prometheus_understands_every_query_of_the_dashboard()
    {
        using var folder = new TemporaryFolder();
        var rules = MonitoringFiles
            .ReadDashboardQueries()
            .Index()
            .Select(query =>
                $"  - record: dashboard:query:{query.Index}\n    expr: {System.Text.Json.JsonSerializer.Serialize(query.Item)}\n"
            );
        folder.Write("rules.yml", $"groups:\n- name: dashboard\n  rules:\n{string.Concat(rules)}");

        var (code, output) = await RunPromtoolAsync(folder.Path, "check", "rules", "rules.yml");

        Assert.True(code == 0, output);
    }

    [Fact]
    public void Every_recorded_rule_that_a_query_uses_is_there()
    {
        var rules = MonitoringFiles.ReadRules();
        var used = rules
            .Select(rule => rule.Query)
            .Concat(MonitoringFiles.ReadDashboardQueries())
            .SelectMany(MonitoringFiles.MetricsIn)
            .Where(name => name.Contains(':', StringComparison.Ordinal));

        Assert.Empty(used.Except(rules.Select(rule => rule.Record ?? "")));
    }

    private static Task<(int Code, string Output)> RunPromtoolAsync(string folder, params string[] arguments)
    {
        var promtool = Tool.Find("promtool");
        Assert.SkipWhen(promtool is null, "promtool is not installed: ./setup.sh --tests installs it.");
        return Tool.RunInAsync(folder, promtool, arguments);
    }
}
