using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>What the buttons of the dashboard do while clients keep calling.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed class DashboardCommandTests(RunningSystem system, ITestOutputHelper output)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_replica_killed_from_the_dashboard_comes_back_and_its_log_tells_both()
    {
        using var timeout = new CancellationTokenSource(s_deadline);
        var before = system.Application.GetInstance("api-1");

        await system.ExecuteAsync("api-1", "kill");

        await system.Application.WaitUntilBackAsync("api-1", before, timeout.Token);
        await system.WaitUntilServingAsync("api-1", timeout.Token);
        foreach (
            var told in (string[])
                [$"Command: killed ({before.Id}).", "Supervisor: 'api-1' was ended by a signal (killed, or crashed); it is started again"]
        )
        {
            await system.WaitForLogAsync("api-1", told);
        }
    }

    [Fact]
    public async Task A_rolling_restart_costs_no_request_and_replaces_every_process()
    {
        var before = RunningSystem.Replicas.ToDictionary(r => r, system.GetPid);
        using var client = system.Writers("rolling restart");
        var begun = Stopwatch.StartNew();
        var outcomes = await client.RunWhileAsync(() => system.ExecuteAsync("gateway", "rolling-restart"));
        output.WriteLine($"{begun.Elapsed.TotalSeconds:0.0} s.");
        await system.ReportAsync(outcomes, output);
        Assert.DoesNotContain(outcomes, o => o.Failed);
        Assert.All(
            RunningSystem.Replicas,
            replica =>
            {
                Assert.NotEqual(before[replica], system.GetPid(replica));
                Assert.Equal(HealthStatus.Healthy, system.GetHealth(replica));
            }
        );
        var log = await system.GetLogAsync("gateway");
        Assert.Contains(log, line => line.EndsWith("Rolling restart 2/3: api-2 ...", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Postgres_restarted_costs_no_request_and_its_log_tells_why_it_ended()
    {
        using var timeout = new CancellationTokenSource(s_deadline);
        var before = system.Application.GetInstance("postgres");
        using var client = system.Writers("postgres restarted");
        var outcomes = await client.RunWhileAsync(async () =>
        {
            await system.ExecuteAsync("postgres", KnownResourceCommands.RestartCommand);
            await system.Application.WaitUntilBackAsync("postgres", before, timeout.Token);
        });
        await system.ReportAsync(outcomes, output);
        Assert.DoesNotContain(outcomes, o => o.Failed);
        Assert.Contains(
            await system.GetLogAsync("postgres"),
            line =>
                line.EndsWith(
                    $"Command: restart. The process is told to end ({before.Id}), and the supervisor starts it again.",
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public Task A_drained_replica_gets_no_request_and_resumed_it_does_again() => AssertNoneAnswersWhileDrainedAsync("api-3");

    [Fact]
    public Task While_all_replicas_are_drained_requests_wait_for_the_first_that_is_resumed() =>
        AssertNoneAnswersWhileDrainedAsync([.. RunningSystem.Replicas]);

    /// <summary>Drains replicas for a while, and resumes them until they serve again. No call fails, and of those that were due meanwhile
    /// none is answered by a drained replica: one that it answers was answered after it was resumed.</summary>
    private async Task AssertNoneAnswersWhileDrainedAsync(params string[] replicas)
    {
        using var client = system.Writers("drain");
        long drained = 0,
            resumed = 0;
        var outcomes = await client.RunWhileAsync(async () =>
        {
            try
            {
                await Task.WhenAll(replicas.Select(replica => system.ExecuteAsync(replica, "drain")));
                drained = Stopwatch.GetTimestamp();
                // How long they are drained is what is tested here.
                await Task.Delay(TimeSpan.FromSeconds(1.5), Cancellation);
                resumed = Stopwatch.GetTimestamp();
            }
            finally
            {
                await Task.WhenAll(replicas.Select(replica => system.ExecuteAsync(replica, "resume")));
            }

            using var timeout = new CancellationTokenSource(s_deadline);
            foreach (var replica in replicas)
            {
                await system.WaitUntilServingAsync(replica, timeout.Token);
            }
        });
        await system.ReportAsync(outcomes, output);
        Assert.DoesNotContain(outcomes, o => o.Failed);
        Outcome[] meanwhile = [.. outcomes.Where(o => o.Due > drained && o.Due < resumed)];
        Assert.NotEmpty(meanwhile);
        Assert.All(
            meanwhile.Where(o => replicas.Contains(o.Replica)),
            o => Assert.True(o.Latency > Stopwatch.GetElapsedTime(o.Due, resumed), $"{o} was answered while {o.Replica} was drained.")
        );
    }
}
