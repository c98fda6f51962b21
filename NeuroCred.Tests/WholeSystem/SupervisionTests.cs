using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NeuroCred.AppHost.Supervision;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>What ended by itself comes back; what a user stopped does not.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public class SupervisionTests(RunningSystem system, ITestOutputHelper output)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    /// <summary>How long a killed gateway may be away, on a machine that has more to do. The benchmark tells how long it is.</summary>
    protected virtual TimeSpan GatewayAway => TimeSpan.FromSeconds(5);

    /// <summary>How long one that hangs may be away.</summary>
    protected virtual TimeSpan GatewayHung => TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_replica_that_a_user_stops_costs_no_request_and_stays_stopped()
    {
        using var timeout = new CancellationTokenSource(s_deadline);

        // Two of three are taken away. The third must not be one that nginx still leaves alone for what an earlier test did to it.
        foreach (var replica in RunningSystem.Replicas)
        {
            await system.WaitUntilServingAsync(replica, timeout.Token);
        }

        using var client = system.Writers("stop");
        var outcomes = await client.RunWhileAsync(async () =>
        {
            try
            {
                await system.ExecuteAsync("api-1", KnownResourceCommands.StopCommand);

                // By the time the supervisor has brought another one back, it has seen the stop too.
                await system.Application.WaitUntilBackAsync("api-2", await system.Application.KillAsync("api-2"), timeout.Token);
                Assert.Contains(system.GetState("api-1"), KnownResourceStates.TerminalStates);
            }
            finally
            {
                await system.ExecuteAsync("api-1", KnownResourceCommands.StartCommand);
                await system.Application.ResourceNotifications.WaitForResourceHealthyAsync("api-1", timeout.Token);
            }
        });

        Assert.DoesNotContain(outcomes, o => o.Failed);
    }

    [Fact]
    public async Task A_killed_gateway_serves_again_by_itself()
    {
        using var timeout = new CancellationTokenSource(s_deadline);

        var before = await system.Application.KillAsync("gateway");

        using var client = system.Writers("gateway", connections: Connections.New);
        var outcomes = await client.RunWhileAsync(() => system.Application.WaitUntilBackAsync("gateway", before, timeout.Token));
        Assert.Contains(outcomes, o => !o.Failed);
        Assert.All(outcomes.Where(o => o.Failed), o => Assert.Null(o.Status));
        Assert.True(FindTimeAway(outcomes) < GatewayAway, $"It was longer away than {GatewayAway.TotalSeconds} s.");
    }

    [Fact]
    public async Task When_all_replicas_are_killed_at_once_no_request_fails()
    {
        using var timeout = new CancellationTokenSource(s_deadline);
        using var client = system.Writers("all");
        var outcomes = await client.RunWhileAsync(async () =>
        {
            var before = await Task.WhenAll(RunningSystem.Replicas.Select(system.Application.KillAsync));
            foreach (var (replica, previous) in RunningSystem.Replicas.Zip(before))
            {
                await system.Application.WaitUntilBackAsync(replica, previous, timeout.Token);
            }
        });
        await system.ReportAsync(outcomes, output);
        Assert.DoesNotContain(outcomes, o => o.Failed);
        await system.WarmUpAsync(timeout.Token);
    }

    // Of Redis the tests of frozen dependencies tell the same, and that no request fails meanwhile.
    [Fact]
    public Task Postgres_that_was_killed_comes_back_by_itself_and_nothing_acknowledged_is_lost() =>
        AssertServedAgainAsync(system.Application.KillAsync, "postgres");

    [Fact]
    public async Task A_hung_gateway_is_killed_and_serves_again()
    {
        using var timeout = new CancellationTokenSource(s_deadline);
        using var client = system.Writers("hung gateway", connections: Connections.New);
        var before = system.Application.GetInstance("gateway");
        var outcomes = await client.RunWhileAsync(async () =>
        {
            await before.SuspendAsync();
            await system.Application.WaitUntilBackAsync("gateway", before, timeout.Token);
        });
        Assert.InRange(FindTimeAway(outcomes), TimeSpan.Zero, GatewayHung);
        await AssertHangIsToldAsync("gateway");
    }

    // Side by side: for most of the time there is nothing to do but to wait.
    [Fact]
    public Task Redis_and_Postgres_that_hang_are_killed_and_a_replica_that_does_not_last_is_shown_in_red_and_all_of_them_come_back() =>
        Task.WhenAll(HangAndAssertNothingIsLostAsync(), KillUntilShownAsync());

    [Fact]
    public async Task Without_the_supervisor_clients_are_served_as_before()
    {
        using var timeout = new CancellationTokenSource(s_deadline);
        var supervisor = system.Application.Services.GetServices<IHostedService>().OfType<Supervisor>().Single();
        using var client = system.Writers("no supervisor");
        var outcomes = await client.RunWhileAsync(async () =>
        {
            await supervisor.StopAsync(timeout.Token);
            try
            {
                await system.Application.KillAsync("api-1");
                await Until.HoldsAsync(
                    () => KnownResourceStates.TerminalStates.Contains(system.GetState("api-1")),
                    s_deadline,
                    () => "api-1 has not ended."
                );
                await Task.Delay(TimeSpan.FromSeconds(1), timeout.Token);
                Assert.Contains(system.GetState("api-1"), KnownResourceStates.TerminalStates);
            }
            finally
            {
                await supervisor.StartAsync(timeout.Token);
                await system.Application.ResourceCommands.ExecuteCommandAsync("api-1", KnownResourceCommands.StartCommand, timeout.Token);
                await system.Application.ResourceNotifications.WaitForResourceHealthyAsync("api-1", timeout.Token);
            }
        });

        Assert.DoesNotContain(outcomes, o => o.Failed);
    }

    /// <summary>The time from the first request that failed to the last one.</summary>
    private TimeSpan FindTimeAway(IReadOnlyList<Outcome> outcomes)
    {
        long[] failed = [.. outcomes.Where(o => o.Failed).Select(o => o.Due).Order()];
        var away = failed is [] ? TimeSpan.Zero : Stopwatch.GetElapsedTime(failed[0], failed[^1]);
        output.WriteLine($"{failed.Length} of {outcomes.Count} requests failed, over {away.TotalSeconds:0.00} s.");
        return away;
    }

    private async Task HangAndAssertNothingIsLostAsync()
    {
        await AssertServedAgainAsync(system.Application.HangAsync, "redis", "postgres");
        await Task.WhenAll(AssertHangIsToldAsync("redis"), AssertHangIsToldAsync("postgres"));
    }

    private async Task KillUntilShownAsync()
    {
        const string Replica = "api-3";
        using var timeout = new CancellationTokenSource(s_deadline);
        CustomResourceSnapshot? GetSnapshot() =>
            system.Application.ResourceNotifications.TryGetCurrentState(Replica, out var now) ? now.Snapshot : null;
        bool IsShown() => GetSnapshot()?.Properties.Any(p => p.Name == ResourceSupervision.PersistentProperty) == true;
        bool IsRedEnd() =>
            GetSnapshot()?.State is { } state
            && KnownResourceStates.TerminalStates.Contains(state.Text)
            && state.Style == KnownResourceStateStyles.Error;

        RunningInstance? last = null;
        await Until.HoldsAsync(
            async () =>
            {
                if (
                    GetSnapshot() is { } snapshot
                    && snapshot.State?.Text == KnownResourceStates.Running
                    && ResourceFaults.FindInstance(snapshot) is { } instance
                    && instance != last
                )
                {
                    await (last = instance).KillAsync();
                }

                return IsShown() && IsRedEnd();
            },
            s_deadline,
            () => $"It is not shown in red: {GetSnapshot()?.State}."
        );

        await system.Application.WaitUntilBackAsync(Replica, last!, timeout.Token);
        await Until.HoldsAsync(() => !IsShown(), s_deadline, () => "It is still shown.");

        // The next test begins with a clean slate: a start by a user.
        try
        {
            await system.ExecuteAsync(Replica, KnownResourceCommands.RestartCommand);
            await system.Application.ResourceNotifications.WaitForResourceHealthyAsync(Replica, timeout.Token);
        }
        catch
        {
            output.WriteLine(string.Join(Environment.NewLine, (await system.GetLogAsync(Replica)).TakeLast(40)));
            throw;
        }
    }

    /// <summary>What was acknowledged before the faults is read after them.</summary>
    /// <param name="strikeAsync">The fault. Returns what it has struck.</param>
    /// <param name="dependencies">What the fault strikes, all at once.</param>
    private async Task AssertServedAgainAsync(Func<string, Task<RunningInstance>> strikeAsync, params string[] dependencies)
    {
        using var timeout = new CancellationTokenSource(s_deadline);
        using var client = new GatewayClient(system.Gateway);
        var id = $"{string.Join(' ', dependencies)} {Guid.NewGuid():N}";
        var wallet = Workload.AddressOf(id);
        var acknowledged = await GatewayClient.ReadAsync(await client.ComputeScoreAsync(wallet, id));
        var struck = Stopwatch.StartNew();

        await Task.WhenAll(
            dependencies.Select(async dependency =>
            {
                await system.Application.WaitUntilBackAsync(dependency, await strikeAsync(dependency), timeout.Token);
                output.WriteLine($"{dependency} was back after {struck.Elapsed.TotalSeconds:0.0} s.");
            })
        );

        var read = await client.GetAsync($"/api/score/{wallet}");
        for (; !read.IsSuccessStatusCode; read = await client.GetAsync($"/api/score/{wallet}"))
        {
            read.Dispose();
            await Task.Delay(50, timeout.Token);
        }

        output.WriteLine($"Clients were served again after {struck.Elapsed.TotalSeconds:0.0} s.");
        Assert.Equal(acknowledged.ToString(), (await GatewayClient.ReadAsync(read)).ToString());
    }

    private async Task AssertHangIsToldAsync(string resource) =>
        Assert.Contains(await system.GetLogAsync(resource), line => line.Contains("hangs, and is killed", StringComparison.Ordinal));
}
