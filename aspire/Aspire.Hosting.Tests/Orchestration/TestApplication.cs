using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Tests.Orchestration;

/// <summary>An application of small programs, run by the genuine orchestrator.</summary>
internal sealed class TestApplication : IAsyncDisposable
{
    private TestApplication(DistributedApplication application) => Application = application;

    public DistributedApplication Application { get; }

    /// <summary>Ends a wait that has gone on for too long. Generous: the machine may have more to do than these tests.</summary>
    public static CancellationToken Deadline
    {
        get
        {
            var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            deadline.CancelAfter(TimeSpan.FromMinutes(1));
            return deadline.Token;
        }
    }

    public ResourceNotificationService Notifications => Application.ResourceNotifications;

    public static async Task<TestApplication> StartAsync(Action<IDistributedApplicationTestingBuilder> configure)
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        configure(builder);
        var application = new TestApplication(await builder.BuildAsync(TestContext.Current.CancellationToken));
        try
        {
            await application.Application.StartAsync(Deadline);
            return application;
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Application.DisposeAsync();

    public async Task<CustomResourceSnapshot> WaitForAsync(string resource, string state)
        => (await Notifications.WaitForResourceAsync(resource, e => e.Snapshot.State?.Text == state, Deadline)).Snapshot;

    /// <summary>Waits until a resource runs, and returns its process.</summary>
    public async Task<int> WaitForProcessAsync(string resource) => Pid(await WaitForAsync(resource, KnownResourceStates.Running));

    public CustomResourceSnapshot Current(string resource)
        => Notifications.TryGetCurrentState(resource, out var state) ? state.Snapshot : throw new InvalidOperationException($"'{resource}' has no state.");

    public Task<ExecuteCommandResult> CommandAsync(string resource, string command)
        => Application.ResourceCommands.ExecuteCommandAsync(resource, command, Deadline);

    /// <summary>Carries out a command that has to succeed.</summary>
    public async Task DoAsync(string resource, string command)
    {
        var result = await CommandAsync(resource, command);
        Assert.True(result.Success, $"{command} of '{resource}': {result.Message}");
    }

    /// <summary>Waits for a line in a resource's log.</summary>
    public async Task<LogLine> WaitForLineAsync(string resource, string text)
    {
        var loggers = Application.Services.GetRequiredService<ResourceLoggerService>();
        Assert.True(Application.Services.GetRequiredService<DistributedApplicationModel>().Resources.TryGetByName(resource, out var found));
        var seen = new List<string>();
        try
        {
            await foreach (var lines in loggers.WatchAsync(found).WithCancellation(Deadline))
            {
                seen.AddRange(lines.Select(l => l.Content));
                if (lines.Cast<LogLine?>().FirstOrDefault(l => l!.Value.Content.Contains(text, StringComparison.Ordinal)) is { } line)
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told below.
        }

        throw new InvalidOperationException($"'{resource}' never wrote '{text}', but:\n{string.Join('\n', seen)}");
    }

    public async Task<string> LogAsync(string resource)
    {
        var loggers = Application.Services.GetRequiredService<ResourceLoggerService>();
        var lines = new List<string>();
        Assert.True(Notifications.TryGetCurrentState(resource, out var state));
        await foreach (var batch in loggers.GetAllAsync(state.ResourceId).WithCancellation(Deadline))
        {
            lines.AddRange(batch.Select(l => l.Content));
        }

        return string.Join('\n', lines);
    }

    public static int Pid(CustomResourceSnapshot snapshot)
        => int.Parse(Assert.IsType<string>(snapshot.Properties.Single(p => p.Name == "executable.pid").Value), System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>An application that the tests of a class share: each has resources of its own in it.</summary>
public abstract class SharedApplication : IAsyncLifetime
{
    internal TestApplication Application { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Application = await TestApplication.StartAsync(Configure);

    public async ValueTask DisposeAsync()
    {
        await Application.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract void Configure(IDistributedApplicationTestingBuilder builder);
}

internal static class TestPrograms
{
    /// <summary>Adds a shell script.</summary>
    public static IResourceBuilder<ExecutableResource> AddScript(this IDistributedApplicationBuilder builder, string name, string script)
        => builder.AddExecutable(name, "sh", ".", "-c", script);

    /// <summary>Adds a program that does nothing until it is told to end.</summary>
    public static IResourceBuilder<ExecutableResource> AddSleeper(this IDistributedApplicationBuilder builder, string name)
        => builder.AddExecutable(name, "sleep", ".", "1000");

    /// <summary>Adds a server that answers with what it is asked, on the port that the variable <c>PORT</c> names.</summary>
    public static IResourceBuilder<ExecutableResource> AddServer(this IDistributedApplicationBuilder builder, string name)
        => builder.AddExecutable(name, SampleAppHost.Program, ".", "serve");
}
