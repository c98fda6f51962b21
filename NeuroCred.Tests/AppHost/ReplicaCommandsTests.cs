using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using NeuroCred.AppHost.Commands;

namespace NeuroCred.Tests.AppHost;

public sealed class ReplicaCommandsTests : IDisposable
{
    private static readonly string[] s_commands = ["kill", "hang", "resume", "drain"];

    private readonly IReadOnlyList<ResourceCommandAnnotation> _commands;
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();

    public ReplicaCommandsTests()
    {
        var builder = DistributedApplication.CreateBuilder();
        var replica = builder
            .AddExecutable("api-1", "true", ".")
            .WithHttpEndpoint()
            .WithReplicaCommands(builder.AddParameter("apikey", "12345678"));
        _commands = [.. replica.Resource.Annotations.OfType<ResourceCommandAnnotation>().Where(c => s_commands.Contains(c.Name))];
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void A_replica_can_be_killed_hung_resumed_and_drained() => Assert.Equal(s_commands, _commands.Select(c => c.Name));

    [Theory]
    [InlineData("Running", ResourceCommandState.Enabled)]
    [InlineData("Starting", ResourceCommandState.Disabled)]
    [InlineData("Stopping", ResourceCommandState.Disabled)]
    [InlineData("Finished", ResourceCommandState.Disabled)]
    public void Only_a_replica_that_runs_can_be_done_something_to(string state, ResourceCommandState expected)
    {
        var context = new UpdateCommandStateContext
        {
            ResourceSnapshot = new()
            {
                ResourceType = "Project",
                Properties = [],
                State = state,
            },
            Services = _services,
        };

        Assert.All(_commands, c => Assert.Equal(expected, c.UpdateState(context)));
    }

    [Fact]
    public void What_hurts_clients_that_are_not_behind_the_gateway_is_asked_about_first() =>
        Assert.Equal(["kill", "hang"], _commands.Where(c => c.ConfirmationMessage is not null).Select(c => c.Name));
}
