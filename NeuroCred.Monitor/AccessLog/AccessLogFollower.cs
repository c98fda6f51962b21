using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Telemetry;
using NeuroCred.Monitor.Traffic;

namespace NeuroCred.Monitor.AccessLog;

/// <summary>Follows the access log, and tells who counts what each line says.</summary>
internal sealed partial class AccessLogFollower(
    MonitorOptions options,
    UpstreamAddresses addresses,
    TrafficRecorder traffic,
    MonitorTelemetry telemetry,
    LogCounters counters,
    TimeProvider time,
    ILogger<AccessLogFollower> logger) : BackgroundService
{
    // nginx writes twice a second when it has little to write, and every 64 KiB when it has much.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_resolveEvery = TimeSpan.FromSeconds(10);

    private readonly AccessLogParser _parser = new(addresses);
    private readonly AccessLogEntry _entry = new();
    private long _now;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await addresses.ResolveAsync(stoppingToken).ConfigureAwait(false);
        using var reader = new AccessLogReader(options.AccessLog, OnLine, counters);
        using var beat = new PeriodicTimer(s_pause, time);
        var resolved = time.GetTimestamp();
        var works = true;
        do
        {
            try
            {
                _now = traffic.Now;
                reader.ReadAvailable();
                works = true;
                if (addresses.HasNames && time.GetElapsedTime(resolved) > s_resolveEvery)
                {
                    resolved = time.GetTimestamp();
                    await addresses.ResolveAsync(stoppingToken).ConfigureAwait(false);
                }
            }
            catch (IOException e)
            {
                if (works)
                {
                    CannotRead(logger, options.AccessLog, e.Message);
                }

                works = false;
            }
        }
        while (await beat.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    private void OnLine(ReadOnlySpan<byte> line)
    {
        if (_parser.TryParse(line, _entry))
        {
            counters.OnRead();
            traffic.Record(_entry, _now);
            telemetry.Record(_entry);
        }
        else
        {
            counters.OnUnparsed();
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Path} cannot be read, and is tried again: {Reason}")]
    private static partial void CannotRead(ILogger logger, string path, string reason);
}
