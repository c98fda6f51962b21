using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Tests.Model;

public sealed class ResourceNotificationTests : IAsyncDisposable
{
    private readonly BuiltModel _model = new(builder => builder.AddProgram("other"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _model.DisposeAsync();

    [Fact]
    public async Task A_watcher_learns_the_present_state_first_and_then_every_change()
    {
        await _model.PublishAsync("Starting");
        await _model.PublishAsync("Running");
        await using var changes = _model.Notifications.WatchAsync(Token).GetAsyncEnumerator(Token);
        Assert.Equal("Running", await NextAsync(changes));
        await _model.PublishAsync("Stopping");
        await _model.PublishAsync("Exited");
        Assert.Equal("Stopping", await NextAsync(changes));
        Assert.Equal("Exited", await NextAsync(changes));
    }

    [Fact]
    public async Task What_changes_nothing_is_not_told()
    {
        await _model.PublishAsync("Running", s => s with { Urls = [new("http", "http://localhost:1", false)] });
        await using var changes = _model.Notifications.WatchAsync(Token).GetAsyncEnumerator(Token);
        Assert.Equal("Running", await NextAsync(changes));
        await _model.PublishAsync("Running", s => s with { Urls = [new("http", "http://localhost:1", false)], Properties = [.. s.Properties] });
        await _model.PublishAsync("Exited");
        Assert.Equal("Exited", await NextAsync(changes));
    }

    [Fact]
    public async Task A_watch_ends_with_its_token_and_with_the_application()
    {
        using var giveUp = new CancellationTokenSource();
        var mine = WatchAsync(giveUp.Token);
        var others = WatchAsync(Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => mine);
        Assert.False(others.IsCompleted);
        _model.StopApplication();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => others);

        async Task WatchAsync(CancellationToken token)
        {
            await foreach (var _ in _model.Notifications.WatchAsync(token))
            {
            }
        }
    }

    [Fact]
    public async Task A_wait_for_a_state_ends_when_it_comes_and_at_once_when_it_is_there()
    {
        var waiting = _model.Notifications.WaitForResourceAsync("PROGRAM", cancellationToken: Token);
        await _model.PublishAsync("Starting");
        Assert.False(waiting.IsCompleted);
        await _model.PublishAsync("Running");
        await waiting;
        Assert.Equal("Running", await _model.Notifications.WaitForResourceAsync("program", ["Exited", "running"], Token));
    }

    [Fact]
    public async Task A_wait_for_a_condition_returns_the_state_that_met_it()
    {
        var waiting = _model.Notifications.WaitForResourceAsync("program", e => e.Snapshot.ExitCode == 3, Token);
        await _model.PublishAsync("Finished", s => s with { ExitCode = 3 });
        await _model.PublishAsync("Starting", s => s with { ExitCode = null });
        Assert.Equal("Finished", (await waiting).Snapshot.State!.Text);
    }

    [Fact]
    public async Task A_wait_that_the_application_does_not_live_to_see_says_what_was_waited_for()
    {
        var waiting = _model.Notifications.WaitForResourceAsync("program", "Running", Token);
        _model.StopApplication();
        var end = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Contains("'program'", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Healthy_is_what_runs_passes_its_checks_and_has_run_its_ready_handlers()
    {
        var handlers = new TaskCompletionSource();
        var waiting = _model.Notifications.WaitForResourceHealthyAsync("program", Token);
        await _model.PublishAsync("Running");
        Assert.False(waiting.IsCompleted);
        await _model.PublishAsync("Running", s => s with { ReadyHandlers = handlers.Task });
        Assert.False(waiting.IsCompleted);
        handlers.SetResult();
        Assert.Equal("Running", (await waiting).Snapshot.State!.Text);
    }

    [Fact]
    public async Task A_ready_handler_that_fails_fails_the_wait()
    {
        await _model.PublishAsync("Running", s => s with { ReadyHandlers = Task.FromException(new InvalidOperationException("no seed data")) });
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => _model.Notifications.WaitForResourceHealthyAsync("program", Token));
        Assert.Equal("no seed data", failure.Message);
    }

    [Theory]
    [InlineData("Finished")]
    [InlineData("Exited")]
    [InlineData("FailedToStart")]
    public async Task A_resource_that_was_healthy_once_and_has_ended_is_not_healthy(string end)
    {
        await _model.PublishAsync("Running", s => s with { ReadyHandlers = Task.CompletedTask });
        await _model.PublishAsync(end);
        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => _model.Notifications.WaitForResourceHealthyAsync("program", Token));
        Assert.Contains($"'program' is in the state '{end}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_may_outlast_the_end_of_a_resource_until_someone_starts_it_again()
    {
        await _model.PublishAsync("Exited");
        var waiting = _model.Notifications.WaitForResourceHealthyAsync("program", WaitBehavior.WaitOnResourceUnavailable, Token);
        Assert.False(waiting.IsCompleted);
        await _model.PublishAsync("Running", s => s with { ReadyHandlers = Task.CompletedTask });
        await waiting;
    }

    [Fact]
    public async Task Waiting_for_the_health_of_a_resource_that_does_not_exist_fails_at_once()
    {
        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => _model.Notifications.WaitForResourceHealthyAsync("programm", Token));
        Assert.Contains("There is no resource 'programm'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, WaitBehavior.StopOnResourceUnavailable)]
    [InlineData(false, WaitBehavior.WaitOnResourceUnavailable)]
    public async Task With_a_dashboard_to_start_things_from_waiting_goes_on_without_one_it_stops(bool disableDashboard, WaitBehavior expected)
    {
        var builder = DistributedApplicationTestingBuilder.Create([], (options, _) => options.DisableDashboard = disableDashboard);
        await using var application = await builder.BuildAsync(Token);
        Assert.Equal(expected, application.Services.GetRequiredService<IOptions<ResourceNotificationServiceOptions>>().Value.DefaultWaitBehavior);
    }

    [Fact]
    public async Task The_default_of_waiting_can_be_chosen()
    {
        await using var model = new BuiltModel(builder => builder.Services.Configure<ResourceNotificationServiceOptions>(
            o => o.DefaultWaitBehavior = WaitBehavior.WaitOnResourceUnavailable));
        await model.PublishAsync("Exited");
        var waiting = model.Notifications.WaitForResourceHealthyAsync("program", Token);
        Assert.False(waiting.IsCompleted);
        await model.PublishAsync("Running", s => s with { ReadyHandlers = Task.CompletedTask });
        await waiting;
    }

    [Fact]
    public async Task A_state_is_found_by_the_id_and_by_the_name()
    {
        Assert.False(_model.Notifications.TryGetCurrentState("program", out _));
        _model.Program.Annotations.Add(new ResourceIdAnnotation("program"));
        await _model.PublishAsync("Running");
        Assert.True(_model.Notifications.TryGetCurrentState("Program", out var byName));
        Assert.True(_model.Notifications.TryGetCurrentState(byName.ResourceId, out var byId));
        Assert.StartsWith("program-", byId.ResourceId, StringComparison.Ordinal);
        Assert.Same(_model.Program, byId.Resource);
    }

    private static async Task<string?> NextAsync(IAsyncEnumerator<ResourceEvent> changes)
    {
        Assert.True(await changes.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token));
        return changes.Current.Snapshot.State?.Text;
    }
}
