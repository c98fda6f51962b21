using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wire = Aspire.Hosting.Dashboard.Wire;

namespace Aspire.Hosting.Tests.Dashboard;

/// <summary>Asks the service as the dashboard does, over the loopback interface. No process runs.</summary>
public sealed class ResourceServiceTests : IAsyncLifetime
{
    private readonly IDistributedApplicationTestingBuilder _builder = DistributedApplicationTestingBuilder.Create();
    private readonly DashboardSettings _settings = new()
    {
        IsEnabled = true,
        ApplicationName = "NeuroCred",
        FrontendUrl = "http://localhost:1",
        OtlpUrl = "http://localhost:2",
        ResourceServiceUrl = $"http://localhost:{new FreePorts().Next()}",
        BrowserToken = "",
    };

    private ExecutableResource _resource = null!;
    private DistributedApplication _application = null!;
    private ResourceServer _server = null!;
    private GrpcChannel _channel = null!;
    private Wire.DashboardService.DashboardServiceClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _resource = _builder.AddExecutable("api", "sleep", ".")
            .WithCommand("break", "Break it", _ => Task.FromResult(CommandResults.Failure("It is made of steel.")))
            .WithCommand("praise", "Praise it", _ => Task.FromResult(CommandResults.Success("Thank you.")))
            .WithCommand("think", "Think again", _ => Task.FromResult(CommandResults.Canceled()))
            .Resource;
        _application = await _builder.BuildAsync(TestContext.Current.CancellationToken);
        _server = new(_settings, Notifications, Loggers, _application.ResourceCommands, _application.Services.GetRequiredService<ILoggerFactory>(), CancellationToken.None);
        await _server.StartAsync(TestContext.Current.CancellationToken);
        _channel = GrpcChannel.ForAddress(_settings.ResourceServiceUrl, new() { HttpHandler = new SocketsHttpHandler { UseProxy = false } });
        _client = new(_channel);
        await Notifications.PublishUpdateAsync(_resource, s => s with { State = KnownResourceStates.Starting });
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _server.DisposeAsync();
        await _application.DisposeAsync();
        await _builder.DisposeAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    public async Task A_caller_without_the_key_learns_nothing_and_does_nothing(string? key)
    {
        var headers = new Metadata();
        if (key is not null)
        {
            headers.Add(ApiKeyGate.Header, key);
        }

        var unary = await Assert.ThrowsAsync<RpcException>(async () => await _client.ExecuteResourceCommandAsync(new() { ResourceName = "api", CommandName = "praise" }, headers, cancellationToken: TestContext.Current.CancellationToken));
        using var watch = _client.WatchResources(new(), headers, cancellationToken: TestContext.Current.CancellationToken);
        var stream = await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.Unauthenticated, unary.StatusCode);
        Assert.Equal(StatusCode.Unauthenticated, stream.StatusCode);
    }

    [Fact]
    public async Task The_application_has_a_name()
        => Assert.Equal("NeuroCred", (await _client.GetApplicationInformationAsync(new(), Options)).ApplicationName);

    [Fact]
    public async Task A_watcher_sees_what_there_is_and_then_each_change()
    {
        using var watch = _client.WatchResources(new(), Options);

        var initial = await NextAsync(watch.ResponseStream);
        Assert.Equal(("api", "Starting"), Assert.Single(initial.InitialData.Resources.Select(r => (r.DisplayName, r.State))));

        await Notifications.PublishUpdateAsync(_resource, s => s with { State = KnownResourceStates.Running });
        var change = await NextAsync(watch.ResponseStream);
        Assert.Equal("Running", Assert.Single(change.Changes.Value).Upsert.State);
    }

    [Fact]
    public async Task Two_watchers_see_the_same()
    {
        using var one = _client.WatchResources(new(), Options);
        using var other = _client.WatchResources(new(), Options);

        Assert.Equal(await NextAsync(one.ResponseStream), await NextAsync(other.ResponseStream));
    }

    [Fact]
    public async Task Lines_of_the_log_arrive_the_old_ones_and_the_new_ones()
    {
        Loggers.Append(_resource.GetId(), "first", isError: false);
        using var watch = _client.WatchResourceConsoleLogs(new() { ResourceName = _resource.GetId() }, Options);
        Assert.Equal((1, "first", false), await NextLineAsync());

        Loggers.Append(_resource.GetId(), "second", isError: true);
        Assert.Equal((2, "second", true), await NextLineAsync());

        async Task<(int, string, bool)> NextLineAsync()
        {
            var line = Assert.Single((await NextAsync(watch.ResponseStream)).LogLines);
            return (line.LineNumber, line.Text, line.IsStdErr);
        }
    }

    [Fact]
    public async Task A_reader_who_does_not_want_to_follow_gets_the_log_and_its_end()
    {
        Loggers.Append(_resource.GetId(), "first", isError: false);
        using var watch = _client.WatchResourceConsoleLogs(new() { ResourceName = _resource.GetId(), SuppressFollow = true }, Options);

        Assert.Equal("first", Assert.Single((await NextAsync(watch.ResponseStream)).LogLines).Text);
        Assert.False(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_resource_that_does_not_exist_has_an_empty_log()
    {
        using var watch = _client.WatchResourceConsoleLogs(new() { ResourceName = "nobody" }, Options);

        Assert.False(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("break", "Failed", "It is made of steel.")]
    [InlineData("praise", "Succeeded", "Thank you.")]
    [InlineData("think", "Cancelled", "")]
    [InlineData("fly", "Failed", "'api' has no command 'fly'.")]
    public async Task A_command_is_carried_out_and_what_came_of_it_comes_back(string command, string kind, string message)
    {
        var response = await _client.ExecuteResourceCommandAsync(new() { ResourceName = _resource.GetId(), CommandName = command }, Options);

        Assert.Equal((kind, message), (response.Kind.ToString(), response.Message));
    }

    [Fact]
    public async Task Files_are_not_taken()
    {
        using var upload = _client.UploadFile(Options);

        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(async () => await upload)).StatusCode);
    }

    [Fact]
    public async Task Open_streams_end_when_the_application_does_and_hold_nothing_up()
    {
        using var resources = _client.WatchResources(new(), Options);
        using var log = _client.WatchResourceConsoleLogs(new() { ResourceName = "api" }, Options);
        using var interactions = _client.WatchInteractions(Options);
        await NextAsync(resources.ResponseStream);
        await Task.WhenAll(log.ResponseHeadersAsync, interactions.ResponseHeadersAsync).WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

        var stopping = _server.StopAsync();

        await EndAsync(resources.ResponseStream);
        await EndAsync(log.ResponseStream);
        await EndAsync(interactions.ResponseStream);
        await stopping.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }

    private ResourceNotificationService Notifications => _application.ResourceNotifications;

    private ResourceLoggerService Loggers => _application.Services.GetRequiredService<ResourceLoggerService>();

    private CallOptions Options => new(
        new() { { ApiKeyGate.Header, _settings.ResourceServiceApiKey } },
        deadline: DateTime.UtcNow.AddSeconds(30),
        cancellationToken: TestContext.Current.CancellationToken);

    // The connection may close before the end of a stream is told.
    private static async Task EndAsync<T>(IAsyncStreamReader<T> stream)
    {
        try
        {
            Assert.False(await stream.MoveNext(TestContext.Current.CancellationToken));
        }
        catch (RpcException e)
        {
            Assert.True(e.StatusCode is StatusCode.Internal or StatusCode.Unavailable, e.Message);
        }
    }

    private static async Task<T> NextAsync<T>(IAsyncStreamReader<T> stream)
    {
        Assert.True(await stream.MoveNext(TestContext.Current.CancellationToken));
        return stream.Current;
    }
}
