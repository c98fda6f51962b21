using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// Runs the dashboard, and the service it learns the resources from, beside the application: nothing waits for either,
/// and the application runs on without them.
/// </summary>
internal sealed partial class DashboardHost(
    DashboardSettings settings,
    DcpHost dcp,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    ResourceCommandService commands,
    IHostApplicationLifetime lifetime,
    ILoggerFactory loggerFactory) : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);

    private readonly ILogger _logger = loggerFactory.CreateLogger<DashboardHost>();
    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
    private Task _running = Task.CompletedTask;

    internal Task StartAsync(AspireBundle bundle, CancellationToken cancellationToken)
    {
        if (settings.IsEnabled)
        {
            _running = Task.Run(() => RunAsync(bundle, _stopping.Token), cancellationToken);
        }

        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task RunAsync(AspireBundle bundle, CancellationToken cancellationToken)
    {
        try
        {
            var server = new ResourceServer(settings, notifications, loggers, commands, loggerFactory, cancellationToken);
            await using (server.ConfigureAwait(false))
            {
                await server.StartAsync(cancellationToken).ConfigureAwait(false);
                await KeepRunningAsync(bundle, cancellationToken).ConfigureAwait(false);

                // Without a dashboard the service has no caller; it ends with the application all the same.
                await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // Whatever goes wrong with the dashboard, the application must not notice.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (!IsEnding)
            {
                Failed(_logger, e.Message);
            }
        }
    }

    /// <summary>Starts the dashboard, and again whenever it ends after it had answered. One that never answers would not do so the next time.</summary>
    private async Task KeepRunningAsync(AspireBundle bundle, CancellationToken cancellationToken)
    {
        for (var pause = s_shortestPause; ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, s_longestPause.Ticks)))
        {
            var process = new DashboardProcess(dcp.Client, $"aspire-dashboard-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
            try
            {
                await process.StartAsync(bundle, settings, cancellationToken).ConfigureAwait(false);
                var ended = process.WaitForEndAsync(cancellationToken);
                var hasAnswered = await HasAnsweredAsync(ended, cancellationToken).ConfigureAwait(false);
                var end = await ended.ConfigureAwait(false);
                if (IsEnding)
                {
                    return;
                }

                if (!hasAnswered)
                {
                    GivenUp(_logger, end);
                    return;
                }

                Restarting(_logger, end);
            }
            finally
            {
                await process.StopAsync().ConfigureAwait(false);
            }

            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the dashboard answers and says where, or until it has ended.</summary>
    private async Task<bool> HasAnsweredAsync(Task ended, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answered = DashboardProbe.WaitUntilItAnswersAsync(settings.FrontendUrl, waiting.Token);
        var either = Task.WhenAny(answered, ended);
        if (await Task.WhenAny(either, Task.Delay(s_patience, waiting.Token)).ConfigureAwait(false) != either)
        {
            Slow(_logger, settings.FrontendUrl, s_patience.TotalSeconds);
        }

        var hasAnswered = await either.ConfigureAwait(false) == answered;
        await waiting.CancelAsync().ConfigureAwait(false);
        if (hasAnswered && !IsEnding)
        {
            Ready(_logger, settings.LoginUrl);
        }

        return hasAnswered;
    }

    /// <summary>Whether the application stops, or only the orchestrator does because the application never came up.</summary>
    private bool IsEnding
    {
        get
        {
            try
            {
                return _stopping.IsCancellationRequested || dcp.Client is null;
            }
            catch (InvalidOperationException)
            {
                return true;
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Login to the dashboard at {Url}")]
    private static partial void Ready(ILogger logger, string url);

    [LoggerMessage(LogLevel.Warning, "The dashboard does not answer at {Url} after {Seconds} s; the application runs without it meanwhile.")]
    private static partial void Slow(ILogger logger, string url, double seconds);

    [LoggerMessage(LogLevel.Warning, "The application runs without a dashboard, which {End}")]
    private static partial void GivenUp(ILogger logger, string end);

    [LoggerMessage(LogLevel.Warning, "The dashboard is started again: it {End}")]
    private static partial void Restarting(ILogger logger, string end);

    [LoggerMessage(LogLevel.Warning, "The application runs without a dashboard: {Reason}")]
    private static partial void Failed(ILogger logger, string reason);
}
