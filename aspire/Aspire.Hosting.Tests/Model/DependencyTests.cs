using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests.Model;

/// <summary>What a resource that is about to start waits for.</summary>
public sealed class DependencyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_dependencies_nothing_is_waited_for()
    {
        await using var model = new BuiltModel();
        await model.PublishAsync("Starting");
        await model.Notifications.WaitForDependenciesAsync(model.Program, Token);
        Assert.Equal("Starting", model.Current.State!.Text);
    }

    [Fact]
    public async Task A_resource_that_waits_is_shown_as_waiting_until_the_other_is_healthy()
    {
        await using var model = Model((program, other) => program.WaitFor(other), out var other);
        var waiting = model.Notifications.WaitForDependenciesAsync(model.Program, Token);
        Assert.Equal("Waiting", model.Current.State!.Text);
        await model.PublishAsync("Running", resource: other);
        Assert.False(waiting.IsCompleted);
        await model.PublishAsync("Running", s => s with { ReadyHandlers = Task.CompletedTask }, other);
        await waiting;
        Assert.Contains("'other' is there", await LogAsync(model), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_for_a_start_does_not_wait_for_health()
    {
        await using var model = Model((program, other) => program.WaitForStart(other), out var other);
        var waiting = model.Notifications.WaitForDependenciesAsync(model.Program, Token);
        await model.PublishAsync("Running", s => s with { HealthReports = [new("check", null, null, null)] }, other);
        await waiting;
    }

    [Theory]
    [InlineData("Exited", 0)]
    [InlineData("FailedToStart", null)]
    public async Task A_dependency_that_ends_fails_the_wait_for_it(string state, int? exitCode)
    {
        await using var healthy = Model((program, other) => program.WaitFor(other), out var one);
        await using var started = Model((program, other) => program.WaitForStart(other), out var two);
        await healthy.PublishAsync(state, s => s with { ExitCode = exitCode }, one);
        await started.PublishAsync(state, s => s with { ExitCode = exitCode }, two);
        var failures = new[]
        {
            await Assert.ThrowsAsync<DistributedApplicationException>(() => healthy.Notifications.WaitForDependenciesAsync(healthy.Program, Token)),
            await Assert.ThrowsAsync<DistributedApplicationException>(() => started.Notifications.WaitForDependenciesAsync(started.Program, Token)),
        };
        Assert.All(failures, f => Assert.Contains($"'{state}'", f.Message, StringComparison.Ordinal));
        Assert.All(failures, f => Assert.Contains("'other'", f.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Finished", 0, 0)]
    [InlineData("Exited", 0, 0)]
    [InlineData("Finished", 3, 3)]
    public async Task Completion_is_an_end_with_the_right_exit_code(string state, int exitCode, int expected)
    {
        await using var model = Model((program, other) => program.WaitForCompletion(other, expected), out var other);
        var waiting = model.Notifications.WaitForDependenciesAsync(model.Program, Token);
        await model.PublishAsync("Running", resource: other);
        Assert.False(waiting.IsCompleted);
        await model.PublishAsync(state, s => s with { ExitCode = exitCode }, other);
        await waiting;
    }

    [Theory]
    [InlineData("Finished", 1, "exit code 1; 0 was expected")]
    [InlineData("Exited", null, "exit code (none)")]
    [InlineData("FailedToStart", null, "'FailedToStart'")]
    public async Task Any_other_end_is_a_failure_that_says_which(string state, int? exitCode, string reason)
    {
        await using var model = Model((program, other) => program.WaitForCompletion(other), out var other);
        await model.PublishAsync(state, s => s with { ExitCode = exitCode }, other);
        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => model.Notifications.WaitForDependenciesAsync(model.Program, Token));
        Assert.Contains("'other' ended", failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Told_to_wait_on_a_resource_waits_for_one_that_has_ended()
    {
        await using var model = Model((program, other) => program.WaitFor(other, WaitBehavior.WaitOnResourceUnavailable), out var other);
        await model.PublishAsync("FailedToStart", resource: other);
        var waiting = model.Notifications.WaitForDependenciesAsync(model.Program, Token);
        Assert.False(waiting.IsCompleted);
        await model.PublishAsync("Running", s => s with { ReadyHandlers = Task.CompletedTask }, other);
        await waiting;
    }

    [Fact]
    public async Task A_parameter_is_not_waited_for()
    {
        IResourceBuilder<ExecutableResource>? program = null;
        await using var model = new BuiltModel(builder =>
            program = builder.CreateResourceBuilder((ExecutableResource)builder.Resources.Single()).WaitFor(builder.AddParameter("missing")));
        await model.Notifications.WaitForDependenciesAsync(program!.Resource, Token);
    }

    [Fact]
    public async Task A_wait_can_be_given_up()
    {
        await using var model = Model((program, other) => program.WaitFor(other), out _);
        using var giveUp = new CancellationTokenSource();
        var waiting = model.Notifications.WaitForDependenciesAsync(model.Program, giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static BuiltModel Model(Action<IResourceBuilder<ExecutableResource>, IResourceBuilder<ExecutableResource>> relate, out IResource other)
    {
        IResource? added = null;
        var model = new BuiltModel(builder =>
        {
            var program = builder.CreateResourceBuilder((ExecutableResource)builder.Resources.Single());
            var second = builder.AddProgram("other");
            relate(program, second);
            added = second.Resource;
        });
        other = added!;
        return model;
    }

    private static async Task<string> LogAsync(BuiltModel model)
    {
        var text = "";
        await foreach (var lines in model.Loggers.GetAllAsync(model.Program))
        {
            text += string.Join('\n', lines.Select(l => l.Content));
        }

        return text;
    }
}
