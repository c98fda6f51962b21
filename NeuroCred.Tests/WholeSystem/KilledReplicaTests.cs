using System.Globalization;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>Clients keep calling while each replica in turn is killed.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public class KilledReplicaTests(RunningSystem system, ITestOutputHelper output)
{
    private const int RequestsPerSecond = 100;
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(2);

    /// <summary>How often each replica is killed; NEUROCRED_KILL_ROUNDS raises it for a soak.</summary>
    private static readonly int s_rounds = int.TryParse(
        Environment.GetEnvironmentVariable("NEUROCRED_KILL_ROUNDS"),
        NumberStyles.None,
        null,
        out var rounds
    )
        ? rounds
        : 1;

    // Both kinds of clients meet the same kills, and have half of the rate each.
    [Fact]
    public async Task A_killed_replica_costs_no_request_on_new_and_on_kept_connections_and_comes_back_by_itself()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(s_timeout * s_rounds);
        var seed = $"kill {Guid.NewGuid():N}";
        var wallet = await Workload.CreateScoredWalletAsync(system.Gateway, seed, timeout.Token);
        using var fresh = Clients(Connections.New);
        using var kept = Clients(Connections.KeepAlive);
        using var stop = new CancellationTokenSource();
        var running = Task.WhenAll(fresh.RunAsync(stop.Token), kept.RunAsync(stop.Token));
        var outages = new List<(string Replica, long From, long To)>();
        try
        {
            for (var round = 0; round < s_rounds; round++)
            {
                foreach (var replica in RunningSystem.Replicas)
                {
                    var killed = Stopwatch.GetTimestamp();
                    var previous = await system.Application.KillAsync(replica);
                    await system.Application.WaitUntilBackAsync(replica, previous, timeout.Token);
                    outages.Add((replica, killed, Stopwatch.GetTimestamp()));
                    await system.WaitUntilServingAsync(replica, timeout.Token);
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
        }

        var calls = await running;
        foreach (var outcomes in calls)
        {
            await system.ReportAsync(outcomes, output);
            Assert.DoesNotContain(outcomes, o => o.Failed);
            await system.AssertStoredOnceAsync(outcomes);
        }

        foreach (var (replica, from, to) in outages)
        {
            output.WriteLine($"{replica} was back after {Stopwatch.GetElapsedTime(from, to).TotalSeconds:0.0} s.");
            AssertSurvivorsShareTheLoad(replica, [.. calls.SelectMany(c => c).Where(o => o.Due > from && o.Due < to)]);
        }

        OpenLoopClient Clients(Connections connections) =>
            new(system.Gateway, connections, RequestsPerSecond / 2, new Workload($"{seed} {connections}", wallet).Next);
    }

    [Fact]
    public async Task Two_of_three_killed_at_once_cost_no_request()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(s_timeout);
        var seed = $"two {Guid.NewGuid():N}";
        var wallet = await Workload.CreateScoredWalletAsync(system.Gateway, seed, timeout.Token);
        using var client = new OpenLoopClient(
            system.Gateway,
            Connections.KeepAlive,
            RequestsPerSecond / 2,
            new Workload(seed, wallet).Next
        );
        var outcomes = await client.RunWhileAsync(async () =>
        {
            var killed = await Task.WhenAll(RunningSystem.Replicas.Take(2).Select(system.Application.KillAsync));
            foreach (var (replica, previous) in RunningSystem.Replicas.Zip(killed))
            {
                await system.Application.WaitUntilBackAsync(replica, previous, timeout.Token);
                await system.WaitUntilServingAsync(replica, timeout.Token);
            }
        });
        await system.ReportAsync(outcomes, output);
        Assert.DoesNotContain(outcomes, o => o.Failed);
        await system.AssertStoredOnceAsync(outcomes);
    }

    private static void AssertSurvivorsShareTheLoad(string killed, IReadOnlyList<Outcome> meanwhile)
    {
        foreach (var survivor in RunningSystem.Replicas.Where(r => r != killed))
        {
            var share = meanwhile.Count(o => o.Replica == survivor) / (double)meanwhile.Count;
            Assert.True(share > 0.2, $"While {killed} was down, {survivor} answered {share:P0} of {meanwhile.Count} requests.");
        }
    }
}
