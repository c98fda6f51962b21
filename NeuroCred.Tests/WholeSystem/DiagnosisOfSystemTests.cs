using Aspire.Hosting.ApplicationModel;
using NeuroCred.Benchmarks.Cost;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>What is wrong with the system itself: its own replicas, Postgres and Redis.</summary>
[Collection(SharedObservedSystem.Name)]
[StartsProcesses]
public sealed class DiagnosisOfSystemTests(ObservedSystem system, ITestOutputHelper output)
{
    private readonly DependencyFaults _faults = new(system.Application);

    [Fact]
    public async Task Why_a_replica_gets_no_traffic_or_less_is_told()
    {
        using var diagnosis = new DiagnosisWatch(system.Monitor, output);
        await using var load = DiagnosisLoad.Reading(system.Gateway, 50, system.ScorePath);
        await diagnosis.BecomesAsync();

        await system.ExecuteAsync("api-3", KnownResourceCommands.StopCommand);
        await diagnosis.BecomesAsync("no-traffic/refused api-3");

        await system.ExecuteAsync("api-3", KnownResourceCommands.StartCommand);
        await system.ExecuteAsync("api-2", "drain");
        await diagnosis.BecomesAsync("no-traffic/drained api-2");
        await system.ExecuteAsync("api-2", "resume");

        // Nobody else takes them, and a moment later everybody serves.
        await using (var sockets = new LiveClients())
        {
            await Task.WhenAll(system.ExecuteAsync("api-1", "drain"), system.ExecuteAsync("api-3", "drain"));
            await sockets.OpenAsync(system.Gateway, 25, _ => system.Wallet, Cancellation);
            await Task.WhenAll(system.ExecuteAsync("api-1", "resume"), system.ExecuteAsync("api-3", "resume"));
            await diagnosis.BecomesAsync("uneven/long-connections api-2");
        }

        await diagnosis.BecomesAsync();
    }

    [Fact]
    public async Task Replicas_that_restart_one_after_another_at_60_requests_a_second_raise_no_latency_finding()
    {
        using var diagnosis = new DiagnosisWatch(system.Monitor, output);
        await using var load = DiagnosisLoad.Reading(system.Gateway, 60, system.ScorePath);
        await diagnosis.BecomesAsync();
        foreach (var replica in RunningSystem.Replicas)
        {
            var restarted = RestartAndLookOnAsync(replica);
            await diagnosis.AllowsOnlyUntilAsync(restarted, $"no-traffic/refused {replica}", $"no-traffic/drained {replica}");
            await diagnosis.BecomesAsync();
        }
    }

    [Fact]
    public async Task High_latency_is_told_with_the_dependency_that_takes_the_time()
    {
        using var diagnosis = new DiagnosisWatch(system.Monitor, output);
        await diagnosis.BecomesAsync();
        var writes = new Workload($"diagnosis {Guid.NewGuid():N}", system.Wallet);
        await using (await _faults.SlowWritesAsync(TimeSpan.FromMilliseconds(100)))
        {
            await using (DiagnosisLoad.AtRate(system.Gateway, 15, i => writes.NextWrite(2 * i)))
            {
                await diagnosis.BecomesAsync("latency/slow-sql");
            }

            await using (DiagnosisLoad.OfClients(system.Gateway, 36, i => writes.NextWrite(1_000_000 + (2 * i))))
            {
                await diagnosis.BecomesAsync("latency/pool-waits");
            }
        }

        await using var load = DiagnosisLoad.Reading(system.Gateway, 50, system.ScorePath);

        // What a miss costs on this machine is hardly noticed.
        await using (_faults.EmptyingCache())
        await using (await _faults.SlowReadsAsync(TimeSpan.FromMilliseconds(80)))
        {
            await diagnosis.BecomesAsync("latency/cache-misses");
        }

        await using (_faults.PausingRedis())
        {
            await diagnosis.BecomesAsync("latency/redis-slow");
        }

        await diagnosis.BecomesAsync();
    }

    [Fact]
    public async Task A_database_that_is_gone_is_told_as_what_all_replicas_share()
    {
        using var diagnosis = new DiagnosisWatch(system.Monitor, output);
        var workload = new Workload($"shared {Guid.NewGuid():N}", system.Wallet);
        await using var load = DiagnosisLoad.AtRate(system.Gateway, 20, workload.Next);
        await diagnosis.BecomesAsync();

        await system.ExecuteAsync("postgres", KnownResourceCommands.StopCommand);
        await diagnosis.BecomesAsync("shared-dependency");

        await system.ExecuteAsync("postgres", KnownResourceCommands.StartCommand);
        await diagnosis.BecomesAsync();
    }

    private async Task RestartAndLookOnAsync(string replica)
    {
        var before = system.Application.GetInstance(replica);
        await system.ExecuteAsync(replica, KnownResourceCommands.RestartCommand);
        await system.Application.WaitUntilBackAsync(replica, before, Cancellation);
        await system.WaitUntilServingAsync(replica, Cancellation);

        // The window of 2 s, the time that a replica has to settle, and the time until a finding is told.
        await Task.Delay(TimeSpan.FromSeconds(7), Cancellation);
    }
}
