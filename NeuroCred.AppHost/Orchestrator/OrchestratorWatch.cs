using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NeuroCred.AppHost.Orchestrator;

internal static class OrchestratorExtensions
{
    /// <summary>Ends the application, with exit code 1, when its orchestrator has ended: Aspire itself goes on then, and can neither start
    /// nor stop anything any more.</summary>
    internal static void EndWithOrchestrator(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            LeftProcesses.Mark();
            SessionFolder.Watch(builder.Services);

            // Before Aspire's own services, whose start waits for ever for an orchestrator that has ended.
            builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, OrchestratorWatch>());
        }
    }
}

/// <summary>Looks every second whether the orchestrator is still there.</summary>
internal sealed partial class OrchestratorWatch(SessionFolder session, IHostApplicationLifetime lifetime, ILogger<OrchestratorWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    // A very busy machine takes a while to start its two programs.
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(30);

    // Aspire's own end asks an orchestrator that does not answer.
    private static readonly TimeSpan s_end = TimeSpan.FromSeconds(3);

    private Orchestrator? _orchestrator;
    private Stopwatch? _starting;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval);
        try
        {
            do
            {
                if (session.Path is { } folder && FindLoss(folder) is { } lost && !lifetime.ApplicationStopping.IsCancellationRequested)
                {
                    await EndAsync(folder, lost);
                    return;
                }
            } while (await timer.WaitForNextTickAsync(lifetime.ApplicationStopping));
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
    }

    private string? FindLoss(string folder)
    {
        _starting ??= Stopwatch.StartNew();
        _orchestrator ??= Orchestrator.Find(folder);
        return _orchestrator is { } orchestrator ? orchestrator.FindLoss()
            : OperatingSystem.IsLinux() && _starting.Elapsed > s_start ? "its API server or its controllers before they had started"
            : null;
    }

    private async Task EndAsync(string folder, string lost)
    {
        Lost(logger, lost);
        Environment.ExitCode = 1;
        await LeftProcesses.EndAsync();
        RemoveFolder(folder);

        // Last: an application that is still starting ends at once.
        lifetime.StopApplication();
        _ = Task.Delay(s_end).ContinueWith(_ => Environment.Exit(1), TaskScheduler.Default);
    }

    private void RemoveFolder(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The orchestrator has removed it.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            FolderLeft(logger, folder, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Critical, "The orchestrator (DCP) has ended ({Lost}), so the application stops. Start it again.")]
    private static partial void Lost(ILogger logger, string lost);

    [LoggerMessage(LogLevel.Warning, "The folder {Folder} could not be removed: {Reason}")]
    private static partial void FolderLeft(ILogger logger, string folder, string reason);
}
