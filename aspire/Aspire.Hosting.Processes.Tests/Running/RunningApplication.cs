using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Processes.Tests.Running;

/// <summary>The tests' AppHost, and what a test cannot ask of it as it is: odd passwords and a wrong configuration. Started once for all
/// tests that share it.</summary>
public sealed class RunningApplication : IAsyncLifetime
{
    /// <summary>Everything that a shell, a configuration file or SQL could take for its own.</summary>
    public const string OddPassword = """p@ss'w"o\rd$HOME`;#%{}&|<>()!,=:/ü""";

    private DistributedApplication? _application;

    /// <summary>The application.</summary>
    public DistributedApplication Application => _application ?? throw new InvalidOperationException("The application is not started.");

    /// <summary>The Redis with the odd password. As soon as this machine has a development certificate, Aspire has it speak TLS.</summary>
    public RedisResource OddRedis { get; private set; } = null!;

    /// <summary>Ends a wait that has gone on for too long. Generous: the machine may have more to do than these tests.</summary>
    public static CancellationToken Deadline
    {
        get
        {
            var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            deadline.CancelAfter(StandIns.Eventually.Deadline);
            return deadline.Token;
        }
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Aspire_Hosting_Processes_Tests_AppHost>(Deadline);
        var password = builder.AddParameter("odd-password", OddPassword, secret: true);
        var redis = builder.AddRedis("odd-redis", password: password);
        OddRedis = redis.Resource;
        WithoutHealthChecks(redis);
        WithoutHealthChecks(builder.AddPostgres("odd-postgres", password: password));
        builder
            .AddNginx("wrong")
            .WithLoadBalancing([((IResourceWithEndpoints)builder.Resources.Single(r => r.Name == "server-1")).GetEndpoint("http")])
            .WithConfiguration(_ => new Dictionary<string, string> { ["nginx.conf"] = "events { }\nhttp { no_such_directive; }\n" });

        // A test that fails says what a resource wrote; everything that all of them wrote would bury it.
        builder.Services.AddLogging(logging => logging.ClearProviders());

        _application = await builder.BuildAsync(Deadline);
        await _application.StartAsync(Deadline);
        await WaitUntilHealthyAsync("redis", "postgres", "database", "gateway", "server-1", "server-2");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_application is { } application)
        {
            await application.DisposeAsync();
        }
    }

    // They use Aspire's connection strings, which do not quote the password.
    private static void WithoutHealthChecks<T>(IResourceBuilder<T> resource)
        where T : IResource =>
        resource
            .Resource.Annotations.OfType<HealthCheckAnnotation>()
            .ToList()
            .ForEach(check => resource.Resource.Annotations.Remove(check));

    /// <summary>Waits until resources are healthy.</summary>
    public async Task WaitUntilHealthyAsync(params string[] resources)
    {
        foreach (var resource in resources)
        {
            // Just after a start Aspire may tell of the end before it once more.
            await Application.ResourceNotifications.WaitForResourceHealthyAsync(resource, WaitBehavior.WaitOnResourceUnavailable, Deadline);
        }
    }

    /// <summary>Waits for a state.</summary>
    public async Task<CustomResourceSnapshot> WaitForAsync(string resource, string state) =>
        (await Application.ResourceNotifications.WaitForResourceAsync(resource, e => e.Snapshot.State?.Text == state, Deadline)).Snapshot;

    /// <summary>Waits until a resource has ended.</summary>
    public Task WaitForEndAsync(string resource) =>
        Application.ResourceNotifications.WaitForResourceAsync(resource, KnownResourceStates.TerminalStates, Deadline);

    /// <summary>The connection string that others are given.</summary>
    public async Task<string> GetConnectionStringAsync(string resource) =>
        (await Application.GetConnectionStringAsync(resource, Deadline))!;

    /// <summary>Waits until a resource runs.</summary>
    /// <returns>The id of its process.</returns>
    public async Task<int> WaitForProcessAsync(string resource)
    {
        var running = await WaitForAsync(resource, KnownResourceStates.Running);
        return Assert.IsType<int>(running.Properties.Single(p => p.Name == "executable.pid").Value);
    }

    /// <summary>Carries out a command that has to succeed.</summary>
    public async Task DoAsync(string resource, string command)
    {
        var result = await Application.ResourceCommands.ExecuteCommandAsync(resource, command, Deadline);
        Assert.True(result.Success, $"{command} of '{resource}': {result.Message}");
    }

    /// <summary>Waits for a line in a resource's log.</summary>
    public async Task WaitForLineAsync(string resource, string text)
    {
        var loggers = Application.Services.GetRequiredService<ResourceLoggerService>();
        var found = Application.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(r => r.Name == resource);
        var seen = new List<string>();
        try
        {
            await foreach (var lines in loggers.WatchAsync(found).WithCancellation(Deadline))
            {
                seen.AddRange(lines.Select(line => line.Content));
                if (lines.Any(line => line.Content.Contains(text, StringComparison.Ordinal)))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told below.
        }

        Assert.Fail($"'{resource}' never wrote '{text}', but:\n{string.Join('\n', seen)}");
    }
}

/// <summary>The tests that share the application, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class RunningApplicationTests : ICollectionFixture<RunningApplication>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "The running application";
}
