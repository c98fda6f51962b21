using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests.Model;

public sealed class CommandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_is_carried_out_with_what_it_needs()
    {
        ExecuteCommandContext? seen = null;
        await using var model = Model(context =>
        {
            seen = context;
            return Task.FromResult(CommandResults.Success("done"));
        });
        var result = await model.Commands.ExecuteCommandAsync(model.Program, "flush", Token);
        Assert.True(result.Success);
        Assert.Equal("done", result.Message);
        Assert.Equal("program", seen!.ResourceName);
        Assert.Equal(Token, seen.CancellationToken);
        Assert.NotNull(seen.ServiceProvider);
    }

    [Fact]
    public async Task A_resource_is_found_by_name_once_it_has_a_state()
    {
        await using var model = Model(_ => Task.FromResult(CommandResults.Success()));
        await model.PublishAsync("Running");
        Assert.True((await model.Commands.ExecuteCommandAsync("PROGRAM", "flush", Token)).Success);
    }

    [Fact]
    public async Task What_does_not_exist_is_named()
    {
        await using var model = Model(_ => Task.FromResult(CommandResults.Success()));
        await model.PublishAsync("Running");
        var noResource = await model.Commands.ExecuteCommandAsync("other", "flush", Token);
        var noCommand = await model.Commands.ExecuteCommandAsync("program", "flash", Token);
        Assert.Equal((false, "There is no resource 'other'."), (noResource.Success, noResource.Message));
        Assert.Equal((false, "'program' has no command 'flash'."), (noCommand.Success, noCommand.Message));
    }

    [Fact]
    public async Task A_command_that_throws_has_failed_and_its_resource_says_so_in_the_log()
    {
        await using var model = Model(_ => throw new InvalidOperationException("the cache is closed"));
        var result = await model.Commands.ExecuteCommandAsync(model.Program, "flush", Token);
        Assert.Equal((false, false, "the cache is closed"), (result.Success, result.Canceled, result.Message));
        await foreach (var lines in model.Loggers.GetAllAsync(model.Program).WithCancellation(Token))
        {
            Assert.Contains(lines, l => l.IsErrorMessage && l.Content.Contains("'Flush' failed: the cache is closed", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_command_that_is_given_up_is_cancelled_not_failed()
    {
        await using var model = Model(async context =>
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return CommandResults.Success();
        });
        using var giveUp = new CancellationTokenSource();
        var executing = model.Commands.ExecuteCommandAsync(model.Program, "flush", giveUp.Token);
        await giveUp.CancelAsync();
        var result = await executing;
        Assert.Equal((false, true), (result.Success, result.Canceled));
    }

    [Fact]
    public async Task A_command_follows_the_state_of_its_resource()
    {
        await using var model = Model(
            _ => Task.FromResult(CommandResults.Success()),
            c => c.ResourceSnapshot.State?.Text == "Running" ? ResourceCommandState.Enabled : ResourceCommandState.Disabled);
        await model.PublishAsync("Starting");
        Assert.Equal(ResourceCommandState.Disabled, model.Current.Commands.Single().State);
        await model.PublishAsync("Running");
        Assert.Equal(ResourceCommandState.Enabled, model.Current.Commands.Single().State);
    }

    [Fact]
    public async Task A_command_that_cannot_tell_its_state_does_not_hide_that_of_its_resource()
    {
        await using var model = Model(_ => Task.FromResult(CommandResults.Success()), _ => throw new InvalidOperationException("broken"));
        await model.PublishAsync("Running");
        Assert.Equal("Running", model.Current.State!.Text);
        Assert.Equal(ResourceCommandState.Disabled, model.Current.Commands.Single().State);
    }

    private static BuiltModel Model(
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> execute, Func<UpdateCommandStateContext, ResourceCommandState>? state = null)
        => new(builder => builder.CreateResourceBuilder(builder.Resources.Single()).WithCommand("flush", "Flush", execute, new() { UpdateState = state }));
}
