using System.Net.WebSockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using NeuroCred.Tests.Api.Live;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>Clients of a wallet's live scores, on the replicas of a real system.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed class LiveScoreTests(RunningSystem system, ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(2);

    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly GatewayClient[] _replicas = [.. RunningSystem.Replicas.Select(r => new GatewayClient(system.AddressOf(r)))];
    private int _computed;

    private string Wallet => Workload.AddressOf(_id);

    public void Dispose() => Array.ForEach(_replicas, r => r.Dispose());

    [Fact]
    public async Task A_client_gets_the_current_score_at_once_and_then_those_of_every_replica_in_order()
    {
        await ComputeAsync(replica: 1);
        var current = await ComputeAsync(replica: 2);
        using var client = await ConnectAsync(replica: 0);

        var first = await client.ReadScoreAsync();
        Assert.Equal(2, first.GetProperty("score").GetProperty("sequence").GetInt64());
        Assert.Equal(current, first.GetProperty("score").ToString());
        var expected = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            expected.Add(await ComputeAsync(replica: i % 3));
        }

        for (var i = 0; i < expected.Count; i++)
        {
            var message = await client.ReadScoreAsync();
            Assert.Equal(3 + i, message.GetProperty("score").GetProperty("sequence").GetInt64());
            Assert.Equal(expected[i], message.GetProperty("score").ToString());
        }
    }

    [Fact]
    public async Task Clients_of_the_gateway_miss_no_score_while_each_replica_is_killed()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var gateway = new GatewayClient(system.Gateway);
        using var stop = new CancellationTokenSource();
        var (computed, reconnects) = (0, 0);
        var computing = ComputeAllTheTimeAsync();
        var following = Enumerable.Range(0, 6).Select(_ => FollowAsync()).ToArray();

        foreach (var replica in RunningSystem.Replicas)
        {
            await system.Application.WaitUntilBackAsync(replica, await system.Application.KillAsync(replica), timeout.Token);
            await system.WaitUntilServingAsync(replica, timeout.Token);
        }

        await stop.CancelAsync();
        await computing;
        await Task.WhenAll(following);
        output.WriteLine($"{computed} scores, {reconnects} reconnections of 6 clients.");
        Assert.InRange(reconnects, 6, int.MaxValue);

        async Task ComputeAllTheTimeAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                using var answer = await gateway.ComputeScoreAsync(Wallet, $"{_id} {computed}");
                Assert.True(answer.IsSuccessStatusCode);
                computed++;
            }
        }

        // Each client has to see 1, 2, 3 and so on, up to the last score, over as many connections as it takes.
        async Task FollowAsync()
        {
            for (var (last, first) = (0L, true); !computing.IsCompleted || last < computed; first = false)
            {
                Interlocked.Add(ref reconnects, first ? 0 : 1);
                try
                {
                    using var client = await LiveClient.ConnectAsync(new(system.Gateway, $"/api/score/{Wallet}/live"), after: last);
                    while (!computing.IsCompleted || last < computed)
                    {
                        if (await client.ReadAsync() is not { } message)
                        {
                            break;
                        }

                        if (message.GetProperty("type").GetString() == "score")
                        {
                            Assert.Equal(last + 1, message.GetProperty("score").GetProperty("sequence").GetInt64());
                            last++;
                        }
                    }
                }
                catch (WebSocketException)
                {
                    // Its replica is gone: connect again.
                    timeout.Token.ThrowIfCancellationRequested();
                }
            }
        }
    }

    [Fact]
    public async Task Scores_that_are_computed_at_once_have_no_gap_and_no_double()
    {
        using var client = await ConnectAsync(replica: 0);

        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => ComputeAsync(replica: i % 3)));

        for (var expected = 1; expected <= 30; expected++)
        {
            Assert.Equal(expected, await client.ReadSequenceAsync());
        }
    }

    [Fact]
    public async Task A_score_of_another_replica_arrives_fast_and_a_replay_announces_nothing()
    {
        await ComputeAsync(replica: 0);
        using var client = await ConnectAsync(replica: 0);
        await client.ReadSequenceAsync();
        var delays = new List<double>();
        for (var i = 0; i < 10; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await ComputeAsync(replica: 1);
            Assert.Equal(2 + i, await client.ReadSequenceAsync());
            delays.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        output.WriteLine($"From request to message, over Redis: {string.Join(", ", delays.Order().Select(d => $"{d:0}"))} ms.");
        Assert.True(delays.Order().ElementAt(5) < 500, "The catch-up did what Redis should.");

        await GatewayClient.ReadAsync(await _replicas[2].ComputeScoreAsync(Wallet, $"{_id}-1"));
        await ComputeAsync(replica: 2);
        Assert.Equal(12, await client.ReadSequenceAsync());
    }

    [Fact]
    public async Task A_client_that_goes_on_at_another_replica_misses_nothing()
    {
        await ComputeAsync(replica: 0);
        using (var first = await ConnectAsync(replica: 0))
        {
            Assert.Equal(1, await first.ReadSequenceAsync());
        }

        await ComputeAsync(replica: 1);
        await ComputeAsync(replica: 2);

        using var second = await ConnectAsync(replica: 1, after: 1);
        Assert.Equal(2, await second.ReadSequenceAsync());
        Assert.Equal(3, await second.ReadSequenceAsync());
    }

    [Fact]
    public async Task Without_Redis_a_score_takes_a_moment_and_with_it_again_none_also_at_a_replica_that_was_started_without_it()
    {
        using var client = await ConnectAsync(replica: 0);
        await system.ExecuteAsync("redis", KnownResourceCommands.StopCommand);
        try
        {
            await ComputeAsync(replica: 1);
            var computed = Stopwatch.GetTimestamp();
            Assert.Equal(1, await client.ReadSequenceAsync());
            var delay = Stopwatch.GetElapsedTime(computed);
            output.WriteLine($"Without Redis: {delay.TotalMilliseconds:0} ms after the answer.");
            Assert.True(delay < TimeSpan.FromSeconds(2.5), $"It took {delay}.");

            using var timeout = new CancellationTokenSource(s_timeout);
            await system.Application.WaitUntilBackAsync("api-3", await system.Application.KillAsync("api-3"), timeout.Token);
        }
        finally
        {
            await system.ExecuteAsync("redis", KnownResourceCommands.StartCommand);
        }

        // The subscriptions are there when a score comes faster than the catch-up is likely to be, several times running.
        using var atStarted = await ConnectAsync(replica: 2, after: 1);
        var (fast, sequence) = (0, 1);
        for (var waited = Stopwatch.StartNew(); fast < 5; )
        {
            Assert.True(waited.Elapsed < s_timeout, "Redis is back, and scores still wait for the catch-up.");
            await ComputeAsync(replica: 1);
            var computed = Stopwatch.GetTimestamp();
            Assert.Equal(++sequence, await client.ReadSequenceAsync());
            Assert.Equal(sequence, await atStarted.ReadSequenceAsync());
            fast = Stopwatch.GetElapsedTime(computed) < TimeSpan.FromMilliseconds(100) ? fast + 1 : 0;
        }
    }

    [Fact]
    public async Task An_operators_drain_closes_with_1001_and_the_client_goes_on_elsewhere()
    {
        await ComputeAsync(replica: 0);
        using var client = await ConnectAsync(replica: 2);
        await client.ReadSequenceAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await DrainAsync(HttpMethod.Put, apiKey: null));
        Assert.Equal(HttpStatusCode.OK, await DrainAsync(HttpMethod.Put, Workload.ApiKey));
        try
        {
            Assert.Null(await client.ReadAsync());
            Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, client.CloseStatus);
            await ComputeAsync(replica: 0);
            using var elsewhere = await ConnectAsync(replica: 0, after: 1);
            Assert.Equal(2, await elsewhere.ReadSequenceAsync());
        }
        finally
        {
            Assert.Equal(HttpStatusCode.OK, await DrainAsync(HttpMethod.Delete, Workload.ApiKey));
        }

        using var back = await ConnectAsync(replica: 2);
        Assert.Equal(2, await back.ReadSequenceAsync());
    }

    [Fact]
    public async Task A_stopped_replica_closes_with_1001_and_is_gone_in_time()
    {
        await ComputeAsync(replica: 0);
        using var client = await ConnectAsync(replica: 2);
        await client.ReadSequenceAsync();
        using var process = Process.GetProcessById(system.GetPid("api-3")!.Value);
        var started = Stopwatch.StartNew();
        var stopping = system.ExecuteAsync("api-3", KnownResourceCommands.StopCommand);
        try
        {
            Assert.Null(await client.ReadAsync());
            var closed = started.Elapsed;
            Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, client.CloseStatus);
            using var deadline = new CancellationTokenSource(s_timeout);
            await process.WaitForExitAsync(deadline.Token);
            var ended = started.Elapsed;
            await stopping;
            output.WriteLine($"Closed after {closed.TotalMilliseconds:0} ms, ended after {ended.TotalMilliseconds:0} ms.");

            // The command itself returns only when the orchestrator has noticed, up to some seconds later.
            Assert.True(ended < TimeSpan.FromSeconds(5), $"The process took {ended} to end.");
        }
        finally
        {
            await system.ExecuteAsync("api-3", KnownResourceCommands.StartCommand);
            using var timeout = new CancellationTokenSource(s_timeout);
            await system.Application.ResourceNotifications.WaitForResourceHealthyAsync("api-3", timeout.Token);
        }
    }

    private Task<LiveClient> ConnectAsync(int replica, long? after = null) =>
        LiveClient.ConnectAsync(new(system.AddressOf(RunningSystem.Replicas[replica]), $"/api/score/{Wallet}/live"), after);

    private async Task<string> ComputeAsync(int replica)
    {
        var key = $"{_id}-{Interlocked.Increment(ref _computed)}";
        return (await GatewayClient.ReadAsync(await _replicas[replica].ComputeScoreAsync(Wallet, key))).ToString();
    }

    private async Task<HttpStatusCode> DrainAsync(HttpMethod method, string? apiKey)
    {
        using var http = system.Application.CreateHttpClient("api-3", "management");
        using var request = new HttpRequestMessage(method, "/drain");
        request.Headers.Add("X-API-Key", apiKey);
        using var response = await http.SendAsync(request, Cancellation);
        return response.StatusCode;
    }
}
