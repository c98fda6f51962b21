using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>
/// What clients see while Redis or Postgres is killed, frozen, restarted, and back: those of the gateway, and at the same time those of one
/// replica, without a gateway that would try others.
/// </summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public class FrozenDependencyTests(RunningSystem system, ITestOutputHelper output)
{
    private static readonly (string Called, int RequestsPerSecond)[] s_calls = [("gateway", 67), ("api-1", 33)];
    private static readonly TimeSpan s_frozen = TimeSpan.FromSeconds(5);

    // Less than what is frozen would have a request wait.
    private static readonly TimeSpan s_notWaiting = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(2);

    // Some 200 requests.
    private static readonly TimeSpan s_normal = TimeSpan.FromSeconds(2);

    private readonly List<(string Name, long From)> _phases = [("before", 0)];

    [Fact]
    public async Task Redis_killed_frozen_and_back_costs_no_request()
    {
        var calls = await CallWhileAsync(async () =>
        {
            BeginPhase("killed");
            using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            await system.Application.WaitUntilBackAsync("redis", await system.Application.KillAsync("redis"), timeout.Token);
            BeginPhase("back");
            await system.WaitUntilCachingAsync(timeout.Token);
            BeginPhase("frozen");
            await FreezeAsync("redis");
            BeginPhase("thawed");
            await PassAsync(s_recovery);
        });

        foreach (var outcomes in calls.Values)
        {
            Assert.DoesNotContain(outcomes, o => o.Failed || o.Latency > s_notWaiting);
            await system.AssertStoredOnceAsync(outcomes);
        }
    }

    [Fact]
    public async Task Postgres_frozen_for_five_seconds_costs_clients_of_the_gateway_no_request()
    {
        var calls = await CallWhileAsync(async () =>
        {
            BeginPhase("frozen");
            await FreezeAsync("postgres");
            await RecoverAsync();
        });

        await AssertRecoveryAsync(calls);
    }

    [Fact]
    public async Task Postgres_restarted_costs_clients_of_the_gateway_no_request()
    {
        var calls = await CallWhileAsync(async () =>
        {
            BeginPhase("down");
            await system.ExecuteAsync("postgres", KnownResourceCommands.StopCommand);
            await PassAsync(TimeSpan.FromSeconds(2));
            await system.ExecuteAsync("postgres", KnownResourceCommands.StartCommand);
            using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            await system.Application.ResourceNotifications.WaitForResourceHealthyAsync(
                "postgres",
                WaitBehavior.WaitOnResourceUnavailable,
                timeout.Token
            );
            await RecoverAsync();
        });

        await AssertRecoveryAsync(calls);
    }

    private static long After(long timestamp, TimeSpan time) => timestamp + (long)(time.TotalSeconds * Stopwatch.Frequency);

    private void BeginPhase(string name) => _phases.Add((name, Stopwatch.GetTimestamp()));

    private async Task RecoverAsync()
    {
        BeginPhase("recovering");
        _phases.Add(("normal", After(_phases[^1].From, s_recovery)));
        await PassAsync(s_recovery + s_normal);
    }

    private async Task AssertRecoveryAsync(IReadOnlyDictionary<string, IReadOnlyList<Outcome>> calls)
    {
        var normal = _phases[^1].From;
        foreach (var (called, outcomes) in calls)
        {
            await system.ReportFailuresAsync([.. outcomes.Where(o => o.Due > normal)], output);
            Assert.DoesNotContain(outcomes, o => o.Status is not 200 && (called == "gateway" || o.Status is not 503));
            Assert.DoesNotContain(outcomes, o => o.Due > normal && o.Failed);

            // What was held has an answer when new requests have theirs.
            Assert.DoesNotContain(
                outcomes,
                o => o.Due > normal ? o.Latency > s_notWaiting : After(o.Due, o.Latency) > After(normal, s_notWaiting)
            );
            await system.AssertStoredOnceAsync(outcomes);
        }
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<Outcome>>> CallWhileAsync(Func<Task> fault)
    {
        using var stop = new CancellationTokenSource();
        var ready = new List<(string Called, OpenLoopClient Client)>();
        foreach (var (called, rate) in s_calls)
        {
            var address = system.Application.GetEndpoint(called, "http");
            var seed = $"fault {Guid.NewGuid():N}";
            var wallet = Workload.AddressOf(seed);
            using var client = new GatewayClient(address);
            await GatewayClient.ReadAsync(await client.ComputeScoreAsync(wallet, seed));
            await WarmUpAsync(client, wallet);
            ready.Add((called, new(address, Connections.KeepAlive, rate, new Workload(seed, wallet).Next)));
        }

        var running = ready.Select(r => (r.Called, Outcomes: r.Client.RunAsync(stop.Token))).ToList();
        try
        {
            await PassAsync(TimeSpan.FromSeconds(2));
            await fault();
        }
        finally
        {
            await stop.CancelAsync();
        }

        await Task.WhenAll(running.Select(r => r.Outcomes));
        ready.ForEach(r => r.Client.Dispose());
        foreach (var (called, outcomes) in running)
        {
            Phases.Report(output, outcomes.Result, [.. _phases.Select(phase => ($"{called}, {phase.Name}", phase.From))]);
        }

        return running.ToDictionary(r => r.Called, r => r.Outcomes.Result);
    }

    // A process that just started compiles its code under the first requests, which would look like the fault.
    private static async Task WarmUpAsync(GatewayClient client, string wallet)
    {
        for (int fast = 0, i = 0; fast < 50; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await client.ReadAndWriteAsync(wallet, i);
            fast = Stopwatch.GetElapsedTime(started) < TimeSpan.FromMilliseconds(50) ? fast + 1 : 0;
        }
    }

    // How long a fault lasts is what is tested here; nothing else is waited for like this.
    private static Task PassAsync(TimeSpan time) => Task.Delay(time, Cancellation);

    private async Task FreezeAsync(string resource)
    {
        var instance = await system.Application.HangAsync(resource);
        try
        {
            await PassAsync(s_frozen);
        }
        finally
        {
            await instance.ContinueAsync();
        }
    }
}
