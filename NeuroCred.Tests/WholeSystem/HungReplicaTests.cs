using Aspire.Hosting.ApplicationModel;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>A replica that keeps its port and its connections, and answers nothing.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public class HungReplicaTests(RunningSystem system, ITestOutputHelper output)
{
    private const string Replica = "api-2";
    private const int RequestsPerSecond = 100;
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    // Without the supervisor it would be the gateway's read timeout of 10 s. A quiet machine needs less than 4 s.
    private static readonly TimeSpan s_slowest = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task A_replica_that_hangs_costs_no_request_and_none_is_slow_for_long()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(s_deadline);
        await WaitUntilWatchedAsync();
        using var client = system.Writers("hang", RequestsPerSecond);
        var before = system.Application.GetInstance(Replica);
        var pid = system.GetPid(Replica);
        TimeSpan killed = default,
            back = default;
        var outcomes = await client.RunWhileAsync(async () =>
        {
            var hung = Stopwatch.GetTimestamp();
            await system.ExecuteAsync(Replica, "hang");
            await Until.HoldsAsync(() => system.GetPid(Replica) != pid, s_deadline, () => $"{Replica} hangs and was not killed.");
            killed = Stopwatch.GetElapsedTime(hung);
            await system.Application.WaitUntilBackAsync(Replica, before, timeout.Token);
            back = Stopwatch.GetElapsedTime(hung);
            await system.WaitUntilServingAsync(Replica, timeout.Token);
        });
        var slowest = outcomes.Max(o => o.Latency);
        output.WriteLine(
            $"Killed after {killed.TotalSeconds:0.00} s, back after {back.TotalSeconds:0.00} s; {outcomes.Count} requests, "
                + $"{outcomes.Count(o => o.Latency > TimeSpan.FromSeconds(1))} slower than 1 s, the slowest {slowest.TotalSeconds:0.00} s."
        );
        Assert.DoesNotContain(outcomes, o => o.Failed);
        Assert.InRange(slowest, TimeSpan.Zero, s_slowest);
        Assert.Contains(
            await system.GetLogAsync(Replica),
            line => line.Contains($"its process hangs, and is killed (pid {pid})", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_replica_that_hangs_for_a_moment_keeps_its_process()
    {
        await WaitUntilWatchedAsync();
        var pid = system.GetPid(Replica);
        await system.ExecuteAsync(Replica, "hang");

        // One or two probes are missed meanwhile.
        await Task.Delay(TimeSpan.FromSeconds(1.5), Cancellation);
        await system.ExecuteAsync(Replica, "resume");

        using var client = new GatewayClient(system.AddressOf(Replica));
        using var response = await client.GetAsync("/health");
        Assert.True(response.IsSuccessStatusCode);

        // Were the misses not forgiven, the process would be killed by now.
        await Task.Delay(TimeSpan.FromSeconds(1.5), Cancellation);
        Assert.Equal((KnownResourceStates.Running, pid), (system.GetState(Replica), system.GetPid(Replica)));
    }

    /// <summary>What hangs before the supervisor has had its first answer is given the time of a start.</summary>
    private Task WaitUntilWatchedAsync() =>
        Until.HoldsAsync(
            async () =>
            {
                var answers = $"'{Replica}' answers (pid {system.GetPid(Replica)})";
                return (await system.GetLogAsync(Replica)).Any(line => line.Contains(answers, StringComparison.Ordinal));
            },
            s_deadline,
            () => $"{Replica} has not answered the supervisor."
        );
}
