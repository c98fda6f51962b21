using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>What is wrong with replicas, and between them and the gateway: nginx and a monitor as they are, and replicas with real metrics whose faults can be switched on.</summary>
[Collection(FaultyReplicas.Name)]
public sealed class DiagnosisOfReplicasTests(FaultyReplicas replicas, ITestOutputHelper output)
{
    private const string Strange = "api-3";

    // Seconds matter here: all windows are short.
    private static readonly (string, string)[] s_settings =
    [
        ("Monitor:Window", "2s"),
        ("Monitor:LatencyObjective", "40ms"),
        ("Balancing:Health:Readiness:Interval", "1s"),
        ("Balancing:Health:Readiness:Timeout", "1s"),
    ];

    // In a row, each beginning when the one before ends: every finding takes as long to go as to come, and most of a test would be waiting.
    [Fact]
    public async Task Each_fault_is_told_as_what_it_is_and_no_longer_than_it_lasts()
    {
        await replicas.MendAsync();
        await using var gateway = await DiagnosedGateway.StartAsync(new(), replicas.Servers, replicas.Servers, s_settings);
        using var diagnosis = new DiagnosisWatch(gateway.Monitor, output);
        await using (DiagnosisLoad.Reading(gateway.Address, 90, "/api/score"))
        {
            await diagnosis.BecomesAsync();
            await replicas.SwitchAsync(Strange, "Slow", 150);
            await diagnosis.BecomesAsync($"uneven/slow-replica {Strange}");

            await replicas.SwitchAsync(Strange, "Fail", 2);
            await diagnosis.BecomesAsync($"uneven/failing-replica {Strange}");

            await replicas.SwitchAsync(Strange, "Fail", 7);
            await diagnosis.BecomesAsync("retries/rising");
            await replicas.SwitchAsync(Strange, "None");
        }

        await using (DiagnosisLoad.Reading(gateway.Address, 20, "/api/score"))
        {
            replicas.WayTo(Strange).Delay = TimeSpan.FromMilliseconds(50);
            await diagnosis.BecomesAsync("latency/network");

            replicas.WayTo(Strange).Delay = TimeSpan.Zero;
            await replicas.SwitchAllAsync("Starve", 6);
            await diagnosis.BecomesAsync("latency/thread-pool");

            await replicas.SwitchAllAsync("None");
            // A replica that stands still is asked for one thing at a time: two make enough slow answers.
            await Task.WhenAll(replicas.SwitchAsync("api-2", "Collect"), replicas.SwitchAsync(Strange, "Collect"));
            await diagnosis.BecomesAsync("latency/gc");
        }

        await replicas.SwitchAllAsync("Queue", 10);
        await using (DiagnosisLoad.OfClients(gateway.Address, 30, _ => new("GET", "", () => new(HttpMethod.Get, "/api/score"))))
        {
            await diagnosis.BecomesAsync("latency/queueing");
            await replicas.SwitchAllAsync("None");
        }

        await using (DiagnosisLoad.Reading(gateway.Address, 20, "/api/score"))
        {
            await replicas.SwitchAsync(Strange, "NotReady");
            await diagnosis.BecomesAsync($"no-traffic/not-ready {Strange}");

            await replicas.SwitchAsync(Strange, "Hang");
            await diagnosis.BecomesAsync($"no-traffic/failing-probes {Strange}");

            await replicas.SwitchAsync(Strange, "None");
            await diagnosis.BecomesAsync();
        }
    }

    // Two gateways at once, each with a monitor: a replica is missed, or compared, only after it has served for a while.
    [Fact]
    public async Task Settings_of_a_gateway_that_keep_a_replica_without_requests_are_told()
    {
        await replicas.MendAsync();
        await Task.WhenAll(MissOneReplicaAsync(), StayWithOneReplicaAsync());
    }

    private async Task MissOneReplicaAsync()
    {
        await using var gateway = await DiagnosedGateway.StartAsync(new(), [.. replicas.Servers.SkipLast(1)], replicas.Servers, s_settings);
        using var diagnosis = new DiagnosisWatch(gateway.Monitor, output);
        await using (DiagnosisLoad.Reading(gateway.Address, 60, "/api/score"))
        {
            await diagnosis.BecomesAsync($"no-traffic/not-in-upstream {Strange}");
        }

        await gateway.RestartAsync(replicas.Servers);
        await using (DiagnosisLoad.Reading(gateway.Address, 60, "/api/score"))
        {
            await diagnosis.BecomesAsync();
        }
    }

    private async Task StayWithOneReplicaAsync()
    {
        var policy = new BalancingPolicy { Algorithm = BalancingAlgorithm.CookieHash };
        await using var gateway = await DiagnosedGateway.StartAsync(policy, replicas.Servers, replicas.Servers, [.. s_settings, ("Balancing:Algorithm", "cookie_hash")]);
        using var diagnosis = new DiagnosisWatch(gateway.Monitor, output);
        await using (OfClients(1))
        {
            await diagnosis.BecomesAsync("uneven/affinity");
        }

        await using (OfClients(500))
        {
            await diagnosis.BecomesAsync();
        }

        // Each has a cookie of its own, which names it.
        DiagnosisLoad OfClients(int count) => DiagnosisLoad.AtRate(gateway.Address, 60, i => new("GET", "", () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/api/score");
            request.Headers.Add("Cookie", $"{policy.Affinity.Cookie}={Workload.HashOf($"client {i % count}")}");
            return request;
        }));
    }
}

/// <summary>Three replicas whose faults can be switched on, each at the end of a way that can be made longer.</summary>
public sealed class FaultyReplicas : IAsyncLifetime
{
    /// <summary>The name of the collection of the tests that share them. Nothing runs beside them, since they measure.</summary>
    public const string Name = "Faulty replicas";

    private readonly Dictionary<string, (ProgramProcess Process, DelayingProxy Way)> _replicas = [];

    /// <summary>The ways to them, as a gateway knows them.</summary>
    internal IReadOnlyList<NginxServer> Servers => [.. _replicas.Select(r => new NginxServer(r.Key, "127.0.0.1", r.Value.Way.Port))];

    public async ValueTask InitializeAsync()
    {
        foreach (var name in RunningSystem.Replicas)
        {
            var process = await ProgramProcess.StartAsync("NeuroCred.Tests.Replica", name, new Dictionary<string, string> { ["DOTNET_PROCESSOR_COUNT"] = "2" });
            _replicas.Add(name, (process, new(process.Address.Port)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (process, way) in _replicas.Values)
        {
            await way.DisposeAsync();
            await process.DisposeAsync();
        }
    }

    /// <summary>The way to a replica.</summary>
    internal DelayingProxy WayTo(string replica) => _replicas[replica].Way;

    /// <summary>Ends a replica's fault, and begins another one.</summary>
    internal async Task SwitchAsync(string replica, string fault, int amount = 0)
    {
        using var http = new HttpClient { BaseAddress = _replicas[replica].Process.Address };
        using var response = await http.PutAsync($"/fault/{fault}?amount={amount}", content: null, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The same for all.</summary>
    internal Task SwitchAllAsync(string fault, int amount = 0) => Task.WhenAll(_replicas.Keys.Select(r => SwitchAsync(r, fault, amount)));

    /// <summary>Ends whatever a test that failed has left.</summary>
    internal async Task MendAsync()
    {
        await SwitchAllAsync("None");
        foreach (var (_, way) in _replicas.Values)
        {
            way.Delay = TimeSpan.Zero;
        }
    }
}

/// <summary>The tests that share the faulty replicas.</summary>
[CollectionDefinition(FaultyReplicas.Name, DisableParallelization = true)]
public sealed class SharedFaultyReplicas : ICollectionFixture<FaultyReplicas>;
