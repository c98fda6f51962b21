using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Telemetry;
using NeuroCred.Monitor.Traffic;

namespace NeuroCred.Monitor.AccessLog;

/// <summary>Follows the access log, and counts each line for the page, the diagnosis and the metrics.</summary>
internal sealed partial class AccessLogFollower(
    MonitorOptions options,
    UpstreamAddresses addresses,
    TrafficRecorder traffic,
    MonitorTelemetry telemetry,
    LogCounters counters,
    TimeProvider time,
    ILogger<AccessLogFollower> logger
) : BackgroundService
{
    // nginx writes every 0.5 s, or after 64 KiB.
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_resolveInterval = TimeSpan.FromSeconds(10);

    // At the start nginx may not have made the file yet.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(10);

    private readonly AccessLogParser _parser = new(addresses);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var reader = new AccessLogReader(options.AccessLog, OnLine, counters);
        using var timer = new PeriodicTimer(s_interval, time);
        var resolved = time.GetTimestamp();
        var resolving = Task.CompletedTask;
        var readable = time.GetTimestamp();
        do
        {
            string? problem;
            try
            {
                if (addresses.IsOutdated)
                {
                    await addresses.ResolveAsync(stoppingToken);
                }
                else if (addresses.HasNames && resolving.IsCompleted && time.GetElapsedTime(resolved) > s_resolveInterval)
                {
                    // Not waited for: a name server may take seconds, and the addresses that are known go on being right.
                    await resolving;
                    resolved = time.GetTimestamp();
                    resolving = addresses.ResolveAsync(stoppingToken);
                }

                reader.ReadAvailable();
                problem = reader.Problem;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problem = e.Message;
            }

            if (problem is null)
            {
                readable = time.GetTimestamp();
                counters.Problem = null;
            }
            else if (counters.Problem is null && time.GetElapsedTime(readable) >= s_longestWait)
            {
                CannotRead(logger, options.AccessLog, problem);
                counters.Problem = problem;
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void OnLine(ReadOnlySpan<byte> line)
    {
        if (_parser.Parse(line) is { } entry)
        {
            counters.OnRead();
            traffic.Record(entry);
            telemetry.Record(entry);
        }
        else
        {
            counters.OnUnparsed();
        }
    }

    [LoggerMessage(LogLevel.Warning, "The access log {Path} cannot be read, so no traffic is shown; the monitor tries again: {Reason}")]
    private static partial void CannotRead(ILogger logger, string path, string reason);
}
