using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NeuroCred.Monitor.AccessLog;
using NeuroCred.Monitor.Discovery;
using NeuroCred.Monitor.Telemetry;
using NeuroCred.Monitor.Traffic;

namespace NeuroCred.Tests.Monitor.AccessLog;

/// <summary>The log is followed whatever the machine's resolver does.</summary>
public sealed class AccessLogFollowerTests
{
    [Fact]
    public async Task A_name_server_that_does_not_answer_any_more_does_not_keep_the_log_from_being_read()
    {
        using var folder = new TemporaryFolder();
        var log = $"{folder.Path}/access.log";
        var options = TestOptions.Create(log) with
        {
            Replicas = [new("api-1", new("http://api.internal:8080"), new("http://api.internal:8090"))],
        };
        FakeTimeProvider time = new();
        LogCounters counters = new();
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using MonitorTelemetry telemetry = new(options, services.GetRequiredService<IMeterFactory>());
        var asked = 0;
        UpstreamAddresses addresses = new(new WatchedReplicas(options), options, ResolveOnceAsync);
        using AccessLogFollower follower = new(
            options,
            addresses,
            new TrafficRecorder(options, time),
            telemetry,
            counters,
            time,
            NullLogger<AccessLogFollower>.Instance
        );
        await follower.StartAsync(Cancellation);

        await ReadsALineAsync();
        await time.AdvanceUntilAsync(() => asked == 2, "The name is not resolved again.");
        await ReadsALineAsync();

        await follower.StopAsync(Cancellation);

        async Task<IPAddress[]> ResolveOnceAsync(string name, CancellationToken cancellationToken)
        {
            if (++asked > 1)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return [IPAddress.Parse("192.0.2.1")];
        }

        async Task ReadsALineAsync()
        {
            var before = counters.Read().Unparsed;
            await time.AdvanceUntilAsync(
                () =>
                {
                    File.AppendAllText(log, "a line\n"); // again and again: the follower begins at the end of a file that it finds
                    return counters.Read().Unparsed > before;
                },
                "No line is read."
            );
        }
    }
}
