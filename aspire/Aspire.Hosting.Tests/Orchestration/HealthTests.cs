using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Tests.Orchestration;

public sealed class HealthTests(HealthTests.Programs programs) : IClassFixture<HealthTests.Programs>
{
    private readonly TestApplication _app = programs.Application;

    [Fact]
    public async Task A_server_becomes_healthy_and_ready_once_for_each_start()
    {
        await _app.Notifications.WaitForResourceHealthyAsync("server", TestApplication.Deadline);
        Assert.Equal(HealthStatus.Healthy, _app.Current("server").HealthStatus);
        Assert.Equal(1, programs.TimesReady);

        await _app.DoAsync("server", "restart");
        await _app.Notifications.WaitForResourceHealthyAsync("server", TestApplication.Deadline);
        Assert.Equal(2, programs.TimesReady);
    }

    [Fact]
    public async Task A_server_that_is_unwell_is_unhealthy_until_it_is_well_and_others_wait_for_it()
    {
        var unwell = await _app.Notifications.WaitForResourceAsync(
            "patient", e => e.Snapshot.HealthReports is [{ Status: HealthStatus.Unhealthy, Description: not null }], TestApplication.Deadline);
        Assert.Equal(HealthStatus.Unhealthy, unwell.Snapshot.HealthStatus);
        Assert.Equal(KnownResourceStates.Running, unwell.Snapshot.State!.Text);
        await _app.Notifications.WaitForResourceAsync(
            "patient", e => e.Snapshot.HealthReports[0].Description!.EndsWith("answered 503; 200 was expected.", StringComparison.Ordinal), TestApplication.Deadline);
        Assert.Equal(KnownResourceStates.Waiting, _app.Current("visitor").State!.Text);

        File.Delete(programs.Illness);
        await _app.Notifications.WaitForResourceHealthyAsync("patient", TestApplication.Deadline);
        await _app.WaitForProcessAsync("visitor");
    }

    [Fact]
    public async Task A_server_that_dies_has_no_health_and_no_one_takes_it_for_healthy()
    {
        await _app.Notifications.WaitForResourceHealthyAsync("mortal", TestApplication.Deadline);
        Signals.Send(await _app.WaitForProcessAsync("mortal"), Signals.Kill);
        await _app.WaitForAsync("mortal", KnownResourceStates.Finished);
        Assert.Null(_app.Current("mortal").HealthStatus);
        await Assert.ThrowsAsync<DistributedApplicationException>(() => _app.Notifications.WaitForResourceHealthyAsync("mortal", TestApplication.Deadline));

        await _app.DoAsync("mortal", "start");
        await _app.Notifications.WaitForResourceHealthyAsync("mortal", TestApplication.Deadline);
    }

    [Fact]
    public async Task A_resource_without_checks_is_ready_as_soon_as_it_runs()
    {
        var ready = await _app.Notifications.WaitForResourceHealthyAsync("simple", TestApplication.Deadline);
        Assert.Equal(HealthStatus.Healthy, ready.Snapshot.HealthStatus);
        Assert.Empty(ready.Snapshot.HealthReports);
    }

    [Fact]
    public async Task A_check_that_nobody_registered_keeps_the_application_from_starting()
    {
        var refusal = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => TestApplication.StartAsync(builder => builder.AddSleeper("api").WithHealthCheck("typo")));
        Assert.Contains("The health check 'typo' of 'api' is not registered", refusal.Message, StringComparison.Ordinal);
    }

    public sealed class Programs : SharedApplication
    {
        private int _timesReady;

        internal int TimesReady => Volatile.Read(ref _timesReady);

        /// <summary>While this file is there, a server is unwell.</summary>
        internal string Illness { get; } = Path.GetTempFileName();

        protected override void Configure(IDistributedApplicationTestingBuilder builder)
        {
            Server("server").OnResourceReady((_, _, _) =>
            {
                Interlocked.Increment(ref _timesReady);
                return Task.CompletedTask;
            });
            Server("mortal");
            builder.AddSleeper("visitor").WaitFor(Server("patient").WithEnvironment("UNWELL_WHILE", Illness));
            builder.AddSleeper("simple");

            IResourceBuilder<ExecutableResource> Server(string name)
                => builder.AddServer(name).WithHttpEndpoint(env: "PORT", isProxied: false).WithHttpHealthCheck("/health");
        }
    }
}
