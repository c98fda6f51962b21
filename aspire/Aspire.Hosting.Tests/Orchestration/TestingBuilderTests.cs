using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Aspire.Hosting.Tests.AppHost;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Tests.Orchestration;

/// <summary>An AppHost's entry point inside a test.</summary>
public sealed class TestingBuilderTests
{
    private static CancellationToken Token => TestApplication.Deadline;

    [Fact]
    public async Task The_entry_point_is_held_back_where_it_builds_and_the_test_runs_it()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Program>(["--greeting=hi"], Token);
        Assert.True(builder.Resources.TryGetByName("server", out var server));
        Assert.Equal("Aspire.Hosting.Tests.AppHost", builder.AppHostAssembly!.GetName().Name);
        builder.AddScript("added", "exit 0");

        await using var application = await builder.BuildAsync(Token);
        await application.StartAsync(Token);
        await application.ResourceNotifications.WaitForResourceHealthyAsync(server.Name, Token);
        await application.ResourceNotifications.WaitForResourceAsync("added", KnownResourceStates.Finished, Token);
        using var client = application.CreateHttpClient("server", "http");
        Assert.True((await client.GetAsync(new Uri("/health", UriKind.Relative), Token)).IsSuccessStatusCode);
    }

    [Fact]
    public async Task The_arguments_of_the_test_win()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Program>(
            ["--Parameters:greeting=from the test", "--Port=0"], (options, _) => options.DashboardApplicationName = "mine", Token);
        var greeting = Assert.IsType<ParameterResource>(builder.Resources.Single(r => r.Name == "greeting"));
        Assert.Equal("from the test", await greeting.GetValueAsync(Token));
    }

    [Fact]
    public async Task There_is_no_dashboard_and_proxied_ports_are_random()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddSleeper("api").WithHttpEndpoint(1).WithHttpEndpoint(29_998, name: "direct", isProxied: false);
        await using var application = await builder.BuildAsync(Token);
        await application.StartAsync(Token);
        Assert.NotEqual(1, application.GetEndpoint("api", "http").Port);
        Assert.Equal(29_998, application.GetEndpoint("api", "direct").Port);
        Assert.True(application.Services.GetRequiredService<DistributedApplicationOptions>().DisableDashboard);
        Assert.Throws<ArgumentException>(() => application.GetEndpoint("api", "other"));
        Assert.Throws<ArgumentException>(() => application.GetEndpoint("other"));
    }

    [Fact]
    public async Task What_the_entry_point_throws_reaches_the_test()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => DistributedApplicationTestingBuilder.CreateAsync<Program>(["refuse"], Token));
        Assert.Equal("This AppHost does not want to be built.", refusal.Message);
        var crash = await Assert.ThrowsAsync<InvalidOperationException>(() => DistributedApplicationTestingBuilder.CreateAsync<Program>(["--Crash=before-build"], Token));
        Assert.Equal("This AppHost crashed before it was built.", crash.Message);
    }

    [Fact]
    public async Task An_entry_point_that_builds_nothing_says_so()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => DistributedApplicationTestingBuilder.CreateAsync<Program>(["forget"], Token));
        Assert.Contains("ended without building an application", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_builder_that_is_never_built_and_an_application_that_is_never_started_do_not_hang()
    {
        var unbuilt = await DistributedApplicationTestingBuilder.CreateAsync<Program>(Token);
        await unbuilt.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token);

        var ended = new TaskCompletionSource();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Program>(["--tell-end"], (_, _) => { }, Token);
        var application = await builder.BuildAsync(Token);
        application.Services.GetRequiredService<EntryPointEnd>().Register(ended.SetResult);
        await application.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
    }
}
