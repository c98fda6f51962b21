namespace Aspire.Hosting.Processes.Tests.Running;

/// <summary>What runs in a container's place is started and stopped as a container is.</summary>
[Collection(RunningApplicationTests.Name)]
public sealed class LifecycleTests(RunningApplication running)
{
    // Side by side: for most of the time there is nothing to do but to wait.
    private static readonly string[] s_services = ["redis", "postgres", "gateway"];

    [Fact]
    public Task It_is_stopped_started_and_restarted_each_time_as_a_new_process() =>
        Task.WhenAll(s_services.Select(StopStartAndRestartAsync));

    [Fact]
    public Task One_that_is_killed_is_reported_and_can_be_started_again() => Task.WhenAll(s_services.Select(KillAndStartAsync));

    [Fact]
    public async Task A_database_stops_and_starts_with_its_server()
    {
        await running.DoAsync("postgres", "stop");
        await running.WaitForEndAsync("database");

        await running.DoAsync("postgres", "start");
        await running.WaitUntilHealthyAsync("database");
    }

    [Fact]
    public async Task A_configuration_that_nginx_does_not_know_is_named_in_its_log()
    {
        await running.WaitForLineAsync("wrong", """unknown directive "no_such_directive" in """);
        await running.WaitForEndAsync("wrong");
    }

    private async Task StopStartAndRestartAsync(string resource)
    {
        var first = await running.WaitForProcessAsync(resource);

        await running.DoAsync(resource, "stop");
        await running.WaitForEndAsync(resource);
        Assert.False(Directory.Exists($"/proc/{first}"));

        await running.DoAsync(resource, "start");
        var second = await running.WaitForProcessAsync(resource);
        await running.WaitUntilHealthyAsync(resource);
        Assert.NotEqual(first, second);

        await running.DoAsync(resource, "restart");
        await StandIns.Eventually.HoldsAsync(async () => await running.WaitForProcessAsync(resource) != second, "Another process");
        await running.WaitUntilHealthyAsync(resource);
        Assert.False(Directory.Exists($"/proc/{second}"));
    }

    private async Task KillAndStartAsync(string resource)
    {
        Signals.Send(await running.WaitForProcessAsync(resource), "KILL");
        await running.WaitForEndAsync(resource);

        await running.DoAsync(resource, "start");
        await running.WaitUntilHealthyAsync(resource);
    }
}
