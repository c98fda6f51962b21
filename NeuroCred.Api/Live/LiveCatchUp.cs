using NeuroCred.Api.Postgres;
using OpenTelemetry;

namespace NeuroCred.Api.Live;

/// <summary>
/// Asks Postgres every second for the newest scores of all watched wallets, in one query. Redis is faster, but a replica may die between
/// commit and announcement, and Redis may be away: this is what makes it certain that no client misses a score.
/// </summary>
internal sealed partial class LiveCatchUp(LiveScoreHub hub, ILiveScoreSource source, TimeProvider time, ILogger<LiveCatchUp> logger)
    : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A span for each second would bury the ones that matter.
        using var untraced = SuppressInstrumentationScope.Begin();
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (hub.Watched is { Length: > 0 } watched)
            {
                await CatchUpAsync(watched);
            }
        }
    }

    private async Task CatchUpAsync(string[] watched)
    {
        try
        {
            foreach (var (address, sequence) in await source.FindNewestAsync(watched))
            {
                hub.Announce(address, sequence);
            }
        }
        catch (Exception e) when (DatabaseFaults.IsUnavailable(e))
        {
            // Readiness and every request say so already; the next second tries again.
        }
        catch (Exception e)
        {
            LogFailed(logger, e); // an exception that left here would stop the replica
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking for scores that were not announced failed")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
