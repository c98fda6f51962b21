using NeuroCred.Tests.Telemetry;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>The running system, as a genuine Prometheus sees it.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed class PrometheusTests(RunningSystem system)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    /// <summary>Metrics that a service has once something has happened, and what that is.</summary>
    private static readonly IReadOnlyDictionary<string, string> s_rare = new Dictionary<string, string>
    {
        ["aspnetcore_rate_limiting_queued_requests"] = "a request that queued",
        ["neurocred_idempotency_waits_total"] = "a request that waited for one like it",
        ["neurocred_postgres_retries_total"] = "a connection that broke",
        ["neurocred_requests_repeated_total"] = "a request that was sent again",
        ["neurocred_gateway_failovers_total"] = "a replica that failed",
        ["neurocred_gateway_held_total"] = "a request that was held",
        ["neurocred_gateway_no_live_upstream_total"] = "no replica at all",
    };

    private static IReadOnlyList<string> Services { get; } = [.. RunningSystem.Replicas, "monitor"];

    [Fact]
    public async Task Promtool_dislikes_nothing_but_the_standard_names_that_are_listed()
    {
        var promtool = Tool.Find("promtool");
        Assert.SkipWhen(promtool is null, "promtool is not installed: ./setup.sh --tests installs it.");
        await CallAsync();
        using var folder = new TemporaryFolder();
        using var http = new HttpClient();
        SortedSet<string> said = new(StringComparer.Ordinal);
        foreach (var service in Services)
        {
            var metrics = await http.GetStringAsync(new Uri(system.ManagementAddressOf(service), "/metrics"), Cancellation);
            folder.Write(service, metrics);
            var (_, output) = await Tool.RunInAsync(folder.Path, "/bin/sh", "-c", $"'{promtool}' check metrics < {service}");
            said.UnionWith(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        var listed = File.ReadLines(Path.Combine(Repository.Folder, "NeuroCred.Tests", "Telemetry", "disliked-metrics.txt"))
            .Where(line => !line.StartsWith('#'));
        Assert.Equal(listed, said);
    }

    [Fact]
    public async Task Every_metric_of_the_rules_and_the_dashboard_is_one_that_a_service_has()
    {
        await CallAsync();
        var rules = MonitoringFiles.ReadRules();
        HashSet<string> there = ["up", .. rules.Select(rule => rule.Record).OfType<string>(), .. s_rare.Keys];
        foreach (var service in Services)
        {
            there.UnionWith((await MetricsPage.ScrapeAsync(system.ManagementAddressOf(service))).Select(sample => sample.Name));
        }

        var used = rules
            .Select(rule => rule.Query)
            .Concat(MonitoringFiles.ReadDashboardQueries())
            .SelectMany(MonitoringFiles.MetricsIn)
            .ToHashSet();
        Assert.Empty(used.Except(there));
        Assert.Empty(s_rare.Keys.Except(used)); // what nothing asks for needs no excuse
    }

    [Fact]
    public async Task Every_metric_that_is_a_replicas_own_is_documented()
    {
        await CallAsync();
        var document = await File.ReadAllTextAsync(Path.Combine(Repository.Folder, "docs", "telemetry.md"), Cancellation);
        foreach (var replica in RunningSystem.Replicas)
        {
            var own = (await MetricsPage.ScrapeAsync(system.ManagementAddressOf(replica)))
                .Where(sample => sample.Name.StartsWith("neurocred_", StringComparison.Ordinal))
                .Select(sample => MonitoringFiles.WithoutSuffix(sample.Name))
                .Distinct()
                .ToList();

            Assert.NotEmpty(own);
            Assert.DoesNotContain(own, name => !document.Contains($"| `{name}` |", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_Prometheus_server_scrapes_every_service_and_computes_the_rules()
    {
        var targets = Services.Select(service =>
            $$"""
                  - job_name: {{(service == "monitor" ? "neurocred-monitor" : $"neurocred-api-{service}")}}
                    relabel_configs: [{ target_label: job, replacement: {{(
                    service == "monitor" ? "neurocred-monitor" : "neurocred-api"
                )}} }]
                    static_configs: [{ targets: ["{{system.ManagementAddressOf(service).Authority}}"], labels: { replica: {{service}} } }]
                """
        );
        await using var prometheus = PrometheusServer.Start(
            $"global: {{ scrape_interval: 1s, evaluation_interval: 1s }}\nrule_files: "
                + $"[rules.yml]\nscrape_configs:\n{string.Join('\n', targets)}\n"
        );
        IReadOnlyDictionary<string, double> up = new Dictionary<string, double>(),
            share = up;

        await Until.HoldsAsync(
            async () =>
            {
                await CallAsync();
                up = await prometheus.QueryAsync("up", "replica");
                share = await prometheus.QueryAsync("replica:neurocred_share:ratio_rate1m", "replica");
                return Services.All(service => up.GetValueOrDefault(service) == 1)
                    && RunningSystem.Replicas.All(replica => share.GetValueOrDefault(replica) > 0);
            },
            s_patience,
            () => $"Up: {string.Join(' ', up)}; share: {string.Join(' ', share)}"
        );

        Assert.InRange(share.Values.Average(), 0.99, 1.01);
        Assert.Equal(Services.Count, up.Count);
    }

    /// <summary>Has every replica do a little of everything.</summary>
    private async Task CallAsync()
    {
        using var client = new GatewayClient(system.Gateway);
        for (var i = 0; i < 12; i++)
        {
            var id = Guid.NewGuid().ToString("N");
            var wallet = Workload.AddressOf(id);
            await GatewayClient.ReadAsync(await client.SendTransactionsAsync(wallet, GatewayClient.Transaction(id, 10)));
            await GatewayClient.ReadAsync(await client.ComputeScoreAsync(wallet, id));
            await client.GetScoreAsync(wallet);
        }
    }
}
