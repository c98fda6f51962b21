using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NeuroCred.Monitor.AccessLog;
using NeuroCred.Monitor.Discovery;
using NeuroCred.Monitor.Telemetry;
using NeuroCred.Monitor.Traffic;

namespace NeuroCred.Tests.Monitor.AccessLog;

/// <summary>The log is followed whatever the machine's resolver does.</summary>
public sealed class AccessLogFollowerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly LogCounters _counters = new();
    private readonly MessageLog _warnings = new();

    private string Log => _folder.At("access.log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_name_server_that_does_not_answer_any_more_does_not_keep_the_log_from_being_read()
    {
        var asked = 0;
        await FollowAsync(
            ResolveOnceAsync,
            async () =>
            {
                await ReadsALineAsync();
                await _time.AdvanceUntilAsync(() => asked == 2, "The name is not resolved again.");
                await ReadsALineAsync();
            }
        );

        async Task<IPAddress[]> ResolveOnceAsync(string name, CancellationToken cancellationToken)
        {
            if (++asked > 1)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return [IPAddress.Parse("192.0.2.1")];
        }
    }

    [Fact]
    public async Task A_log_that_is_not_there_for_ten_seconds_is_told_once_and_read_when_it_comes()
    {
        var start = _time.GetTimestamp();
        await FollowAsync(
            (_, _) => Task.FromResult<IPAddress[]>([]),
            async () =>
            {
                await _time.AdvanceUntilAsync(() => !_warnings.Messages.IsEmpty, "It is not told.");
                Assert.InRange(_time.GetElapsedTime(start), TimeSpan.FromSeconds(10), TimeSpan.MaxValue);
                await _time.AdvanceUntilAsync(() => _counters.Problem is not null, "The diagnosis does not know it.");
                await ReadsALineAsync();
                await _time.AdvanceUntilAsync(() => _counters.Problem is null, "It is still said to be unreadable.");
            }
        );

        Assert.StartsWith(
            $"The access log {Log} cannot be read, so no traffic",
            Assert.Single(_warnings.Messages),
            StringComparison.Ordinal
        );
    }

    private async Task FollowAsync(Func<string, CancellationToken, Task<IPAddress[]>> resolve, Func<Task> act)
    {
        var options = TestOptions.Create(Log) with
        {
            Replicas = [new("api-1", new("http://api.internal:8080"), new("http://api.internal:8090"))],
        };
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using MonitorTelemetry telemetry = new(options, services.GetRequiredService<IMeterFactory>());
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(_warnings));
        using AccessLogFollower follower = new(
            options,
            new UpstreamAddresses(new WatchedReplicas(options), options, resolve),
            new TrafficRecorder(options, _time),
            telemetry,
            _counters,
            _time,
            loggers.CreateLogger<AccessLogFollower>()
        );
        await follower.StartAsync(Cancellation);
        await act();
        await follower.StopAsync(Cancellation);
    }

    private async Task ReadsALineAsync()
    {
        var before = _counters.Read().Unparsed;
        await _time.AdvanceUntilAsync(
            () =>
            {
                File.AppendAllText(Log, "a line\n"); // again and again: the follower begins at the end of a file that it finds
                return _counters.Read().Unparsed > before;
            },
            "No line is read."
        );
    }
}
