using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Tests.AppHost;

/// <summary>
/// Runs a server, a process that takes its time to end, one that waits for ever and, if asked, one that has children. Says <c>ready</c>
/// when they are there.
/// </summary>
internal static class SampleAppHost
{
    internal static int Run(string[] args)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = args, DisableDashboard = !args.Contains("--dashboard") });
        var port = builder.Configuration.GetValue<int?>("Port");
        var server = builder.AddExecutable("server", Path.Combine(AppContext.BaseDirectory, "Aspire.Hosting.Tests.AppHost"), ".", "serve")
            .WithEndpoint(port, scheme: "http", env: "PORT", isProxied: false)
            .WithEndpoint(name: "proxied", scheme: "tcp")
            .WithHttpHealthCheck("/health");
        if (args.Contains("--family"))
        {
            // Told to end, the parent does and its children do not: the orchestrator gives them six seconds.
            builder.AddExecutable("family", "sh", ".", "-c", "sleep 1000 & sleep 1000 & wait");
        }

        builder.AddExecutable("slow", "sh", ".", "-c", "trap 'sleep 1; exit 0' TERM; while true; do sleep 0.1; done").WithReference(server.GetEndpoint("http"));
        builder.AddExecutable("waiting", "sleep", ".", "1000").WaitFor(builder.AddExecutable("never", "sleep", ".", "1000").WithExplicitStart());
        builder.AddParameter("greeting", "hello");

        var crash = builder.Configuration["Crash"];
        if (crash == "before-build")
        {
            throw new InvalidOperationException("This AppHost crashed before it was built.");
        }

        var end = new EntryPointEnd();
        builder.Services.AddSingleton(end);
        var application = builder.Build();
        _ = AnnounceAsync(application, crash);
        application.Run();
        end.Tell();
        Console.WriteLine("ended");
        return Environment.ExitCode;
    }

    private static async Task AnnounceAsync(DistributedApplication application, string? crash)
    {
        var notifications = application.Services.GetRequiredService<ResourceNotificationService>();
        await notifications.WaitForResourceHealthyAsync("server");
        await notifications.WaitForResourceAsync("slow");
        await notifications.WaitForResourceAsync("waiting", KnownResourceStates.Waiting);
        Console.WriteLine("ready");
        if (crash == "exception")
        {
            new Thread(() => throw new InvalidOperationException("This AppHost crashed.")).Start();
        }
    }
}

/// <summary>Tells a test that the entry point goes on behind <c>Run</c>.</summary>
public sealed class EntryPointEnd
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Calls back when it does.</summary>
    public void Register(Action callback) => _end.Task.ContinueWith(_ => callback(), TaskScheduler.Default);

    internal void Tell() => _end.TrySetResult();
}
