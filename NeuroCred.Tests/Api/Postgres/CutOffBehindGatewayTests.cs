namespace NeuroCred.Tests.Api.Postgres;

/// <summary>What clients of the gateway see while one of three replicas is cut off from a Postgres that the others reach.</summary>
[StartsProcesses]
public sealed class CutOffBehindGatewayTests(PostgresServer postgres, ITestOutputHelper output) : IClassFixture<PostgresServer>
{
    private const int RequestsPerSecond = 60;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_replica_that_is_cut_off_costs_no_request_and_its_traffic_goes_elsewhere(bool refused)
    {
        await using var network = new NetworkCut(postgres.Port);
        await using var first = await ApiProgram.StartForLoadAsync("api-1", PostgresServer.ConnectionStringOn(network.Port));
        await using var second = await ApiProgram.StartForLoadAsync("api-2", postgres.ConnectionString);
        await using var third = await ApiProgram.StartForLoadAsync("api-3", postgres.ConnectionString);
        await using var gateway = await RunningGateway.StartAsync(first.Address.Port, second.Address.Port, third.Address.Port);
        var address = new Uri($"http://127.0.0.1:{gateway.HttpPort}");
        var seed = $"cut {Guid.NewGuid():N}";
        var wallet = await Workload.CreateScoredWalletAsync(address, seed, Cancellation);
        using (var warm = new GatewayClient(address))
        {
            await warm.WarmAsync(wallet, rounds: 60);
        }

        long cut = 0,
            mended = 0;
        using var client = new OpenLoopClient(address, Connections.KeepAlive, RequestsPerSecond, new Workload(seed, wallet).Next);
        var outcomes = await client.RunWhileAsync(async () =>
        {
            await PassAsync(1);
            cut = Stopwatch.GetTimestamp();
            await network.CutAsync(refused);
            await PassAsync(4);
            network.Mend();
            mended = Stopwatch.GetTimestamp();
            await ServesAsync(address, wallet, "api-1");
            await PassAsync(3);
        });

        Phases.Report(output, outcomes, ("before", 0), ("cut", cut), ("mended", mended));
        Assert.Empty(outcomes.Where(o => o.Failed).Select(o => o.ToString()));
        Assert.DoesNotContain(outcomes, o => o.Latency > TimeSpan.FromSeconds(4));
        Assert.DoesNotContain(
            outcomes,
            o => o.Replica == "api-1" && o.Due > cut + Stopwatch.Frequency && o.Due < mended - Stopwatch.Frequency
        );
        Assert.Contains(outcomes, o => o.Replica == "api-1" && o.Due > mended);
        await StoredWrites.AssertStoredOnceAsync(postgres.ConnectionString, outcomes);
    }

    private static async Task ServesAsync(Uri gateway, string wallet, string replica)
    {
        using var client = new GatewayClient(gateway);
        await Until.HoldsAsync(
            async () =>
            {
                using var response = await client.GetAsync($"/api/score/{wallet}");
                return response.Headers.TryGetValues("X-Served-By", out var names) && names.Single() == replica;
            },
            TimeSpan.FromMinutes(2),
            () => $"{replica} does not serve again."
        );
    }

    // How long a fault lasts is what is tested here; nothing else is waited for like this.
    private static Task PassAsync(int seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), Cancellation);
}
