using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Tests.Model;

public sealed class LifecycleCommandStateTests
{
    [Theory]
    [InlineData(null, "start")]
    [InlineData("NotStarted", "start")]
    [InlineData("Exited", "start")]
    [InlineData("Finished", "start")]
    [InlineData("FailedToStart", "start")]
    [InlineData("Waiting", "stop")]
    [InlineData("Starting", "stop")]
    [InlineData("Running", "stop restart")]
    [InlineData("Stopping", "")]
    public async Task What_can_be_done_follows_from_the_state(string? state, string enabled)
    {
        await using var model = new BuiltModel();
        LifecycleCommands.AddTo(model.Program, _ => Task.CompletedTask, _ => Task.CompletedTask);
        await model.PublishAsync(state, s => s with { ExitCode = 1 });
        Assert.Equal(enabled, string.Join(' ', model.Current.Commands.Where(c => c.State == ResourceCommandState.Enabled).Select(c => c.Name)));
    }
}
