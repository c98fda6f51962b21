using NeuroCred.Monitor.Scraping;
using NeuroCred.Tests.Telemetry;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>The monitor sees what the gateway does, and nobody notices when it does not.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed class MonitorTests(RunningSystem system, ITestOutputHelper output)
{
    private const string Monitor = "monitor";
    private const int RequestsPerSecond = 100;
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Every_request_is_counted_once_and_for_the_replica_that_answered_it()
    {
        using var client = new GatewayClient(system.Gateway);
        var before = await ScrapeQuietAsync();
        Dictionary<string, int> served = [];
        for (var i = 0; i < 60; i++)
        {
            using var response = await client.GetAsync($"/api/score/{Workload.AddressOf("nobody")}");
            var replica = response.Headers.GetValues("X-Served-By").Single();
            served[replica] = served.GetValueOrDefault(replica) + 1;
        }

        await Until.HoldsAsync(
            async () =>
            {
                var after = await ScrapeAsync();
                double Grew(string name, params (string, string)[] labels) =>
                    (after.Sum(name, labels) ?? 0) - (before.Sum(name, labels) ?? 0);
                return Grew("neurocred_gateway_requests_total", ("status_class", "4xx")) == 60
                    && served.All(s =>
                        Grew("neurocred_gateway_answers_total", ("replica", s.Key)) == s.Value
                        && Grew("neurocred_gateway_attempts_total", ("replica", s.Key), ("outcome", "ok")) == s.Value
                    )
                    && Grew("neurocred_gateway_request_duration_seconds_count") == 60;
            },
            s_deadline,
            () => "The monitor did not count what was asked."
        );

        var samples = await ScrapeAsync();
        Assert.Equal(0, samples.Sum("neurocred_gateway_log_lines_total", ("result", "unparsed")));
        Assert.Equal(0, samples.Sum("neurocred_gateway_log_lines_total", ("result", "lost")));
        Assert.All(RunningSystem.Replicas, replica => Assert.Equal(1, samples.Sum("neurocred_replica_up", ("replica", replica))));
        Assert.All(RunningSystem.Replicas, replica => Assert.Equal(1, samples.Sum("neurocred_replica_ready", ("replica", replica))));
        Assert.True(samples.Sum("neurocred_gateway_connections", ("state", "active")) >= 1);
        Assert.True(samples.Sum("neurocred_probes_total", ("probe", "readiness"), ("result", "success")) >= 3);
    }

    [Fact]
    public async Task Killed_and_frozen_under_load_it_costs_no_request_and_shows_the_traffic_again()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(2 * s_deadline);
        var seed = $"monitor {Guid.NewGuid():N}";
        var wallet = await Workload.CreateScoredWalletAsync(system.Gateway, seed, timeout.Token);
        var pids = RunningSystem.Replicas.Append("gateway").ToDictionary(name => name, system.GetPid);
        using var client = new OpenLoopClient(system.Gateway, Connections.KeepAlive, RequestsPerSecond, new Workload(seed, wallet).Next);
        var outcomes = await client.RunWhileAsync(async () =>
        {
            await ShowsTrafficAsync("before anything happened");

            await system.Application.WaitUntilBackAsync(Monitor, await system.Application.KillAsync(Monitor), timeout.Token);
            await ShowsTrafficAsync("after it was killed");

            var frozen = system.GetPid(Monitor)!.Value;
            await system.Application.HangAsync(Monitor);
            try
            {
                // For as long as that, nobody reads what nginx writes, and nobody answers who asks the monitor.
                await Task.Delay(TimeSpan.FromSeconds(3), timeout.Token);
            }
            finally
            {
                await system.Application.ResumeAsync(Monitor);
            }

            await ShowsTrafficAsync("after it was frozen");
            Assert.Equal(frozen, system.GetPid(Monitor));
            var lines = await ScrapeAsync();
            Assert.Equal(0, lines.Sum("neurocred_gateway_log_lines_total", ("result", "lost")));
            Assert.True(
                lines.Sum("neurocred_gateway_log_lines_total", ("result", "read")) > 3 * RequestsPerSecond / 2,
                "What was written while it was frozen was not read."
            );
        });
        await system.ReportAsync(outcomes, output);
        Assert.DoesNotContain(outcomes, o => o.Failed);
        Assert.Equal(pids, RunningSystem.Replicas.Append("gateway").ToDictionary(name => name, system.GetPid));
    }

    private async Task ShowsTrafficAsync(string when)
    {
        double? first = null;
        await Until.HoldsAsync(
            async () =>
            {
                try
                {
                    var now = (await ScrapeAsync()).Sum("neurocred_gateway_answers_total") ?? 0;
                    first ??= now;
                    return now > first;
                }
                catch (HttpRequestException)
                {
                    // It does not listen yet.
                    return false;
                }
            },
            s_deadline,
            () => $"The monitor shows no traffic {when}."
        );
    }

    /// <summary>What is known once everything is known that was asked before: nginx keeps lines for half a second.</summary>
    private async Task<IReadOnlyList<MetricSample>> ScrapeQuietAsync()
    {
        IReadOnlyList<MetricSample> samples = [];
        await Until.HoldsAsync(
            async () =>
            {
                var before = samples;
                await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
                samples = await ScrapeAsync();
                return before.Count > 0
                    && before.Sum("neurocred_gateway_requests_total") == samples.Sum("neurocred_gateway_requests_total");
            },
            s_deadline,
            () => "The gateway is never quiet."
        );
        return samples;
    }

    private Task<IReadOnlyList<MetricSample>> ScrapeAsync() => MetricsPage.ScrapeAsync(system.AddressOf(Monitor));
}
