namespace NeuroCred.Tests.WholeSystem;

/// <summary>
/// What is wrong with replicas, and between them and the gateway: nginx and a monitor as they are, and replicas with real metrics whose
/// faults can be switched on. In rows, each fault beginning when the one before ends, and rows side by side: every finding takes seconds to
/// come and to go, in which nothing is to be done.
/// </summary>
[Collection(MeasuredTests.Name)]
[StartsProcesses]
public sealed class DiagnosisOfReplicasTests(ITestOutputHelper output)
{
    private const string Strange = "api-3";

    // Seconds matter here: all windows are short.
    private static readonly (string, string)[] s_settings =
    [
        ("Monitor:Window", "2s"),
        ("Balancing:Health:Readiness:Interval", "1s"),
        ("Balancing:Health:Readiness:Timeout", "1s"),
    ];

    private static readonly (string, string) s_fast = ("Monitor:LatencyObjective", "50ms");

    // Where all replicas do well, a busy machine is no finding.
    private static readonly (string, string) s_slow = ("Monitor:LatencyObjective", "2s");

    [Fact]
    public Task Each_fault_is_told_as_what_it_is_and_no_longer_than_it_lasts() =>
        Task.WhenAll(TellWhichReplicaAsync(), TellWhatTakesTheTimeAsync());

    private async Task TellWhichReplicaAsync()
    {
        await using var replicas = await FaultyReplicas.StartAsync();
        await TellSettingsAsync(replicas);
        await using var gateway = await DiagnosedGateway.StartAsync(new(), replicas.Servers, replicas.Servers, s_settings);
        using var diagnosis = new DiagnosisWatch(gateway.Monitor, output);
        await using var load = DiagnosisLoad.Reading(gateway.Address, 90, "/api/score");
        await diagnosis.BecomesAsync();

        await replicas.SwitchAsync(Strange, "Slow", 150);
        await diagnosis.BecomesAsync($"uneven/slow-replica {Strange}");

        await replicas.SwitchAsync(Strange, "Fail", 2);
        await diagnosis.BecomesAsync($"uneven/failing-replica {Strange}");

        await replicas.SwitchAsync(Strange, "Fail", 7);
        await diagnosis.BecomesAsync("retries/rising");

        await replicas.SwitchAsync(Strange, "NotReady");
        await diagnosis.BecomesAsync($"no-traffic/not-ready {Strange}");

        await replicas.SwitchAsync(Strange, "Hang");
        await diagnosis.BecomesAsync($"no-traffic/failing-probes {Strange}");

        await replicas.SwitchAsync(Strange, "None");
        await diagnosis.BecomesAsync();
    }

    private async Task TellWhatTakesTheTimeAsync()
    {
        await using var replicas = await FaultyReplicas.StartAsync();
        await using var gateway = await DiagnosedGateway.StartAsync(new(), replicas.Servers, replicas.Servers, [.. s_settings, s_fast]);
        using var diagnosis = new DiagnosisWatch(gateway.Monitor, output);
        await using (DiagnosisLoad.Reading(gateway.Address, 20, "/api/score"))
        {
            await diagnosis.BecomesAsync();
            replicas.WayTo(Strange).Delay = TimeSpan.FromMilliseconds(60);
            await diagnosis.BecomesAsync("latency/network");

            replicas.WayTo(Strange).Delay = TimeSpan.Zero;
            await replicas.SwitchAllAsync("Starve", 6);
            await diagnosis.BecomesAsync("latency/thread-pool");

            await replicas.SwitchAllAsync("Slow", 80);
            await diagnosis.BecomesAsync("latency/replica");

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

        await diagnosis.BecomesAsync();
    }

    // Several gateways in front of replicas that do well, each with a monitor.
    private async Task TellSettingsAsync(FaultyReplicas replicas)
    {
        var byCookie = new BalancingPolicy { Algorithm = BalancingAlgorithm.CookieHash };
        await Task.WhenAll(
            MissOneReplicaAsync(replicas),
            StayWithOneReplicaAsync(
                replicas,
                byCookie,
                "cookie_hash",
                "Cookie",
                client => $"{byCookie.Affinity.Cookie}={Workload.HashOf($"client {client}")}"
            ),
            StayWithOneReplicaAsync(
                replicas,
                new() { Algorithm = BalancingAlgorithm.IpHash, TrustedNetworks = ["127.0.0.1"] },
                "ip_hash",
                "X-Forwarded-For",
                client => $"10.{client / 256}.{client % 256}.1"
            )
        );
    }

    private async Task MissOneReplicaAsync(FaultyReplicas replicas)
    {
        await using var gateway = await DiagnosedGateway.StartAsync(
            new(),
            [.. replicas.Servers.SkipLast(1)],
            replicas.Servers,
            [.. s_settings, s_slow]
        );
        using var diagnosis = new DiagnosisWatch(gateway.Monitor, output);
        await using (DiagnosisLoad.Reading(gateway.Address, 60, "/api/score"))
        {
            await diagnosis.BecomesAsync($"no-traffic/not-in-upstream {Strange}");
        }

        // What answers on the port is another replica.
        await using (
            var confused = await DiagnosedGateway.StartAsync(
                new(),
                replicas.Servers,
                [.. replicas.Servers.SkipLast(1), replicas.Servers[0] with { Name = Strange }],
                [.. s_settings, s_slow]
            )
        )
        using (var confusion = new DiagnosisWatch(confused.Monitor, output))
        {
            await confusion.BecomesAsync($"no-traffic/port-taken {Strange}");
        }

        await gateway.StopAsync();
        await diagnosis.BecomesAsync("gateway/no-answer");
        await gateway.RestartAsync(replicas.Servers);
        await using (DiagnosisLoad.Reading(gateway.Address, 60, "/api/score"))
        {
            await diagnosis.BecomesAsync();
        }
    }

    // Each client has a header of its own, by which nginx tells it from others.
    private async Task StayWithOneReplicaAsync(
        FaultyReplicas replicas,
        BalancingPolicy policy,
        string algorithm,
        string header,
        Func<int, string> value
    )
    {
        await using var gateway = await DiagnosedGateway.StartAsync(
            policy,
            replicas.Servers,
            replicas.Servers,
            [.. s_settings, s_slow, ("Balancing:Algorithm", algorithm)]
        );
        using var diagnosis = new DiagnosisWatch(gateway.Monitor, output);
        await using (OfClients(1))
        {
            await diagnosis.BecomesAsync("uneven/affinity");
        }

        await using (OfClients(500))
        {
            await diagnosis.BecomesAsync();
        }

        DiagnosisLoad OfClients(int count) =>
            DiagnosisLoad.AtRate(
                gateway.Address,
                60,
                i =>
                    new(
                        "GET",
                        "",
                        () =>
                        {
                            var request = new HttpRequestMessage(HttpMethod.Get, "/api/score");
                            request.Headers.Add(header, value(i % count));
                            return request;
                        }
                    )
            );
    }
}
