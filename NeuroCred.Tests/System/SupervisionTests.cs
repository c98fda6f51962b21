using Aspire.Hosting.ApplicationModel;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>What ended by itself comes back; what a user stopped does not.</summary>
[Collection(SharedSystem.Name)]
public sealed class SupervisionTests(RunningSystem system)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(45);

    [Fact]
    public async Task A_replica_that_a_user_stops_costs_no_request_and_stays_stopped()
    {
        using var timeout = new CancellationTokenSource(s_deadline);
        using var client = new OpenLoopClient(system.Gateway, Connections.KeepAlive, 50, new Workload($"stop {Guid.NewGuid():N}", Workload.AddressOf("nobody")).NextWrite);
        using var stop = new CancellationTokenSource();
        var running = client.RunAsync(stop.Token);
        try
        {
            await system.ExecuteAsync("api-1", KnownResourceCommands.StopCommand);

            // By the time the supervisor has brought another one back, it has seen the stop too.
            await system.WaitUntilBackAsync("api-2", system.Kill("api-2"), timeout.Token);
            Assert.Contains(system.GetState("api-1"), KnownResourceStates.TerminalStates);
        }
        finally
        {
            await system.ExecuteAsync("api-1", KnownResourceCommands.StartCommand);
            await system.Application.ResourceNotifications.WaitForResourceHealthyAsync("api-1", timeout.Token);
            await stop.CancelAsync();
        }

        Assert.DoesNotContain(await running, o => o.Failed);
    }

    [Fact]
    public async Task A_killed_gateway_serves_again_by_itself()
    {
        using var timeout = new CancellationTokenSource(s_deadline);

        var pid = system.Kill("gateway");

        await system.WaitUntilBackAsync("gateway", pid, timeout.Token);
        using var client = new GatewayClient(system.Gateway);
        using var response = await client.GetAsync("/health");
        Assert.True(response.IsSuccessStatusCode);
    }
}
