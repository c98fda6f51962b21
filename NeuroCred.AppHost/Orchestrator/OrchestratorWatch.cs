using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NeuroCred.AppHost.Orchestrator;

internal static class OrchestratorExtensions
{
    /// <summary>Ends the application, with exit code 1, when its orchestrator has ended: Aspire itself goes on then, and can neither start nor stop anything any more.</summary>
    internal static void EndWithOrchestrator(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            LeftProcesses.Mark();

            // Before Aspire's own services, whose start waits for ever for an orchestrator that has ended.
            builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, OrchestratorWatch>());
        }
    }
}

/// <summary>Looks every second whether the orchestrator is still there.</summary>
internal sealed partial class OrchestratorWatch(IHostApplicationLifetime lifetime, ILogger<OrchestratorWatch> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    // Aspire's own end asks an orchestrator that does not answer.
    private static readonly TimeSpan s_end = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Orchestrator? orchestrator = null;
        using var timer = new PeriodicTimer(s_interval);
        while (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            orchestrator ??= Orchestrator.Find();
            if (orchestrator?.FindLoss() is { } lost && !lifetime.ApplicationStopping.IsCancellationRequested)
            {
                await EndAsync(orchestrator, lost);
                return;
            }

            try
            {
                await timer.WaitForNextTickAsync(lifetime.ApplicationStopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task EndAsync(Orchestrator orchestrator, string lost)
    {
        Lost(logger, lost);
        Environment.ExitCode = 1;
        await LeftProcesses.EndAsync();
        RemoveFolder(orchestrator.SessionFolder);

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

    [LoggerMessage(LogLevel.Critical, "The orchestrator (DCP) has ended, of it {Lost}: the application is stopped. Start it again.")]
    private static partial void Lost(ILogger logger, string lost);

    [LoggerMessage(LogLevel.Warning, "The folder {Folder} could not be removed: {Reason}")]
    private static partial void FolderLeft(ILogger logger, string folder, string reason);
}
