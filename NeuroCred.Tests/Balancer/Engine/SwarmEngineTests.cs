namespace NeuroCred.Tests.Balancer.Engine;

/// <summary>deploy/swarm on a swarm of one node.</summary>
[Collection(OneEngine.Name)]
[StartsProcesses]
public sealed class SwarmEngineTests(ITestOutputHelper output)
{
    private const string Bad = "neurocred-api:test-bad";

    [Fact]
    public async Task Updates_and_killed_replicas_cost_no_request_and_the_monitor_shows_those_that_run()
    {
        await using var stack = await SwarmStack.StartAsync(output);
        await SwarmStack.WaitUntilHealthyAsync(3);
        await stack.Monitor.WaitUntilItShowsTheReplicasAsync(3);
        await stack.Monitor.WaitUntilTheGatewayAnswersAsync();
        var counted = await stack.Monitor.CountAsync();

        var killed = await stack.System.AssertUnnoticedAsync(
            "a replica killed",
            async () =>
            {
                var replicas = await SwarmStack.FindAsync("api");
                Assert.True(UnixSignal.Kill.SendTo(await ContainerProcess.GetPidAsync(replicas[0])));
                await SwarmStack.WaitUntilGoneAsync(replicas[0]);
                await SwarmStack.WaitUntilHealthyAsync(3);
            }
        );
        await stack.Monitor.WaitUntilItCountedAsync(counted, killed.Count);
        await stack.Monitor.WaitUntilItShowsTheReplicasAsync(3);

        await DockerEngine.RunAsync("tag", DockerEngine.Image, DockerEngine.NextImage);
        await stack.System.AssertUnnoticedAsync(
            "a rolling update",
            async () => Assert.Equal("completed", await stack.UpdateAsync(DockerEngine.NextImage)),
            DeployedSystem.LowRate
        );
        Assert.Equal(DockerEngine.NextImage, await SwarmStack.GetImageAsync());
        await stack.Monitor.WaitUntilItShowsTheReplicasAsync(3);

        // Runs, and never answers.
        await BuildAsync(Bad, $"FROM {DockerEngine.Image}\nENTRYPOINT [\"sleep\", \"600\"]\nCMD []\n");
        await stack.System.AssertUnnoticedAsync(
            "an update to a bad version",
            async () => Assert.Equal("rollback_completed", await stack.UpdateAsync(Bad)),
            DeployedSystem.LowRate
        );
        Assert.Equal(DockerEngine.NextImage, await SwarmStack.GetImageAsync());
    }

    private static async Task BuildAsync(string image, string dockerfile)
    {
        using var folder = new TemporaryFolder();
        folder.Write("Dockerfile", dockerfile);
        await DockerEngine.RunAsync(
            folder.Path,
            new Dictionary<string, string> { ["DOCKER_BUILDKIT"] = "0" },
            "build",
            "--quiet",
            "--tag",
            image,
            "."
        );
    }
}
