using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NeuroCred.AppHost.Ports;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Tests.AppHost;

/// <summary>Who keeps other programs off the ports of replicas that are down. What that does: see the tests of the whole system.</summary>
[StartsProcesses]
public sealed class PortKeeperTests
{
    [Theory]
    [InlineData("true", 1)]
    [InlineData("false", 0)]
    public async Task It_is_there_unless_a_program_of_ones_own_is_to_take_such_a_port(string holdPorts, int keepers)
    {
        var builder = await FreshSystem.CreateBuilderAsync(
            "processes",
            [$"--Api:HoldPorts={holdPorts}"],
            hasDashboard: false,
            Cancellation
        );
        await using var application = await builder.BuildAsync(Cancellation);

        Assert.Equal(keepers, application.Services.GetServices<IHostedService>().OfType<PortKeeper>().Count());
    }
}
