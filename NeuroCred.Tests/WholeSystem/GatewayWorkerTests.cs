using System.Net.WebSockets;
using NeuroCred.AppHost.Gateway;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>A worker of nginx hangs or is killed, while its master lives.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed class GatewayWorkerTests(RunningSystem system, ITestOutputHelper output)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    private IReadOnlyList<NginxWorker> Workers => NginxWorkers.Find(NginxWorkers.FindMaster(system.GetPid("gateway")!.Value)!.Id)!;

    [Fact]
    public async Task What_killed_workers_had_open_keeps_no_requests_from_its_replica_for_long()
    {
        var sockets = new List<ClientWebSocket>();
        try
        {
            // All of them on one replica.
            await system.ExecuteAsync("api-2", "drain");
            await system.ExecuteAsync("api-3", "drain");
            sockets.AddRange(await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => ConnectAsync())));
        }
        finally
        {
            await system.ExecuteAsync("api-2", "resume");
            await system.ExecuteAsync("api-3", "resume");
        }

        await system.WaitUntilServingAsync("api-2", Cancellation);
        await system.WaitUntilServingAsync("api-3", Cancellation);
        using (var before = new CancellationTokenSource(TimeSpan.FromSeconds(1)))
        {
            // The 30 count: nothing else would be tested.
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => system.WaitUntilServingAsync("api-1", before.Token));
        }

        var killed = Stopwatch.StartNew();
        foreach (var worker in Workers)
        {
            ResourceProcess.Find(worker.Id)!.Kill();
        }

        using var limit = new CancellationTokenSource(s_deadline);
        await ServedByAsync("api-1", limit.Token);
        output.WriteLine($"api-1 got requests again after {killed.Elapsed.TotalSeconds:0.00} s.");
        sockets.ForEach(s => s.Dispose());
        Assert.InRange(killed.Elapsed, TimeSpan.Zero, s_limit);
    }

    [Fact]
    public async Task A_worker_that_hangs_is_killed_and_the_others_serve_meanwhile()
    {
        Assert.SkipWhen(Workers.Count < 2, "nginx has one worker for each processor, and this machine has one.");
        var hung = Workers[0];
        var since = Stopwatch.StartNew();

        Assert.True(UnixSignal.Stop.SendTo(hung.Id));

        await Until.HoldsAsync(() => Workers.All(w => w.Id != hung.Id), s_deadline, () => "The worker hangs and was not killed.");
        output.WriteLine($"It was gone after {since.Elapsed.TotalSeconds:0.00} s.");
        Assert.InRange(since.Elapsed, TimeSpan.Zero, s_limit);
        using var client = new GatewayClient(system.Gateway);
        using var response = await client.GetAsync("/health");
        Assert.True(response.IsSuccessStatusCode);

        // The reload that follows must not meet the next test.
        await system.WaitForLogAsync("gateway", $"was killed (pid {hung.Id})");
        await Until.HoldsAsync(() => Workers.Count > 1 && Workers.All(w => !w.IsLeaving), s_deadline, () => "Old workers do not leave.");
    }

    // Connections that the killed workers had may break once more.
    private async Task ServedByAsync(string replica, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await system.WaitUntilServingAsync(replica, cancellationToken);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(20, cancellationToken);
            }
        }
    }

    private async Task<ClientWebSocket> ConnectAsync()
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("X-API-Key", Workload.ApiKey);
        var address = new UriBuilder(system.Gateway) { Scheme = "ws", Path = $"/api/score/{Workload.AddressOf("nobody")}/live" }.Uri;
        await socket.ConnectAsync(address, Cancellation);
        return socket;
    }
}
