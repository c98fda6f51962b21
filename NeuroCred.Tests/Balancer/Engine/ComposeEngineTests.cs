namespace NeuroCred.Tests.Balancer.Engine;

/// <summary>deploy/compose on a real engine.</summary>
[Collection(OneEngine.Name)]
[StartsProcesses]
public sealed class ComposeEngineTests(ITestOutputHelper output)
{
    // Three probes a second apart, half a second for the last one, and then the request must still be answered elsewhere.
    private static readonly TimeSpan s_slowestWhenHung = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Replicas_that_are_killed_hang_or_are_restarted_cost_no_request_and_the_monitor_shows_those_that_run()
    {
        await using var stack = await ComposeStack.StartAsync(output);
        var replicas = await stack.FindAsync("api");
        Assert.Equal(3, replicas.Count);

        await stack.Monitor.WaitUntilItShowsTheReplicasAsync(3);
        var counted = await stack.Monitor.CountAsync();
        var requests = await stack.System.AssertUnnoticedAsync(
            "nothing",
            () =>
                Until.HoldsAsync(
                    async () => (await stack.Monitor.ReadAsync()).All(replica => replica.Answers > 0),
                    s_deadline,
                    () => "The monitor does not see what each replica answers."
                )
        );
        await stack.Monitor.WaitUntilItCountedAsync(counted, requests.Count);

        await stack.System.AssertUnnoticedAsync("the monitor killed, and nobody reads the log until it is full", stack.LoseMonitorAsync);
        await stack.Monitor.WaitUntilItShowsTheReplicasAsync(3);

        await stack.System.AssertUnnoticedAsync(
            "each replica killed, one after the other",
            async () =>
            {
                foreach (var replica in replicas)
                {
                    await ComposeStack.ReplaceProcessAsync(replica, pid => Assert.True(UnixSignal.Kill.SendTo(pid)));
                }
            }
        );

        await stack.System.AssertUnnoticedAsync(
            "two of three killed at once",
            async () =>
                await Task.WhenAll(
                    replicas
                        .Take(2)
                        .Select(replica => ComposeStack.ReplaceProcessAsync(replica, pid => Assert.True(UnixSignal.Kill.SendTo(pid))))
                ),
            DeployedSystem.LowRate
        );

        var hung = await stack.System.AssertUnnoticedAsync(
            "a replica hangs",
            () =>
                ComposeStack.ReplaceProcessAsync(replicas[0], pid => Assert.True(UnixSignal.Stop.SendTo(ContainerProcess.FindService(pid))))
        );
        Assert.InRange(hung.Max(o => o.Latency), TimeSpan.Zero, s_slowestWhenHung);

        await stack.System.AssertUnnoticedAsync(
            "each replica restarted, one after the other",
            async () =>
            {
                foreach (var replica in replicas)
                {
                    await ComposeStack.ReplaceProcessAsync(replica, _ => DockerEngine.RunAsync("restart", "--time", "6", replica));
                }
            }
        );

        await stack.System.AssertUnnoticedAsync("an update", () => stack.UpdateAsync(DockerEngine.NextImage), DeployedSystem.LowRate);
        Assert.Empty((await stack.FindAsync("api")).Intersect(replicas));
        Assert.Equal(3, (await stack.FindAsync("api")).Count);
        await stack.Monitor.WaitUntilItShowsTheReplicasAsync(3);

        await stack.System.AssertUnnoticedAsync(
            "two more replicas",
            async () =>
            {
                await stack.ComposeAsync("up", "--detach", "--no-recreate", "--scale", "api=5", "api");
                await stack.System.WaitUntilServingAsync(replicas: 5);
            },
            DeployedSystem.LowRate
        );
        await stack.Monitor.WaitUntilItShowsTheReplicasAsync(5);
    }
}
