using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Aspire.Hosting.Tests.StandIns;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Tests.Orchestration;

public sealed class SideBySideTests
{
    [Fact]
    public async Task Two_applications_of_the_same_model_run_side_by_side_and_end_apart()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        await one.WaitForLineAsync("server", "listening");
        await two.WaitForLineAsync("server", "listening");
        var ports = new[] { one, two }.Select(a => a.Application.GetEndpoint("server", "tcp").Port).ToArray();
        Assert.NotEqual(ports[0], ports[1]);
        var pids = new[] { await one.WaitForProcessAsync("server"), await two.WaitForProcessAsync("server") };

        await one.Application.StopAsync(TestApplication.Deadline);
        await one.DisposeAsync();
        Assert.False(Signals.Exists(pids[0]));
        Assert.Equal("still here", await Ask.OnPortAsync(ports[1], "still here"));

        // Without a stop, as a test that failed would.
        await two.DisposeAsync();
        await Eventually.HoldsAsync(() => !Signals.Exists(pids[1]), "The end of the second server", TimeSpan.FromSeconds(15));

        static Task<TestApplication> StartAsync() => TestApplication.StartAsync(builder => builder.AddServer("server").WithEndpoint(20_000, scheme: "tcp", env: "PORT"));
    }

    [Fact]
    public async Task A_handler_of_the_start_may_wait_for_a_resource_to_become_healthy()
    {
        await using var app = await TestApplication.StartAsync(builder =>
        {
            builder.AddServer("server").WithHttpEndpoint(env: "PORT").WithHttpHealthCheck("/health");
            builder.Eventing.Subscribe<AfterResourcesCreatedEvent>((@event, ct)
                => @event.Services.GetRequiredService<ResourceNotificationService>().WaitForResourceHealthyAsync("server", ct));
        });
        Assert.Equal(KnownResourceStates.Running, app.Current("server").State!.Text);
    }

    [Fact]
    public async Task What_is_stopped_with_the_application_ends_after_what_uses_it()
    {
        var ends = new List<string>();
        var app = await TestApplication.StartAsync(builder =>
        {
            var database = Track(builder.AddSleeper("database"));
            var api = Track(builder.AddSleeper("api").WithReferenceRelationship(database.Resource));
            Track(builder.AddSleeper("gateway").WaitFor(api));

            IResourceBuilder<ExecutableResource> Track(IResourceBuilder<ExecutableResource> program) => program.OnResourceStopped((resource, _, _) =>
            {
                lock (ends)
                {
                    ends.Add(resource.Name);
                }

                return Task.CompletedTask;
            });
        });
        await app.WaitForProcessAsync("gateway");
        await app.WaitForProcessAsync("database");
        await app.Application.StopAsync(TestApplication.Deadline);
        await app.DisposeAsync();
        await Eventually.HoldsAsync(() => { lock (ends) { return ends.Count == 3; } }, "Three ends", TimeSpan.FromSeconds(30));
        Assert.Equal(["gateway", "api", "database"], ends);
    }

    [Fact]
    public async Task An_application_that_is_stopped_while_things_wait_and_start_ends_at_once_and_starts_nothing_more()
    {
        var app = await TestApplication.StartAsync(builder =>
        {
            builder.AddSleeper("waiting").WaitFor(builder.AddSleeper("never").WithExplicitStart());
            builder.AddSleeper("starting").OnBeforeResourceStarted((_, _, ct) => Task.Delay(Timeout.Infinite, ct));
            builder.AddSleeper("running");
        });
        await app.WaitForAsync("waiting", KnownResourceStates.Waiting);
        await app.WaitForAsync("starting", KnownResourceStates.Starting);
        await app.WaitForProcessAsync("running");
        await app.Application.StopAsync(TestApplication.Deadline);
        Assert.All(["waiting", "starting", "running"], name => Assert.Equal(KnownResourceStates.Exited, app.Current(name).State!.Text));
        Assert.True((await app.CommandAsync("running", "start")).Canceled);
        await app.DisposeAsync();
    }
}
