using Microsoft.Extensions.Logging.Abstractions;
using NeuroCred.Api.Configuration;
using NeuroCred.Api.Migrations;

namespace NeuroCred.Tests.Api.Postgres;

/// <summary>What clients see when the primary is lost and its synchronous standby is promoted, as Patroni, CloudNativePG and RDS
/// do.</summary>
[StartsProcesses]
public sealed class PrimaryLostTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int RequestsPerSecond = 50;

    private static readonly TimeSpan s_slowest = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(2);

    private readonly PostgresServer _first = new();
    private LocalPostgres _second = null!;

    public async ValueTask InitializeAsync()
    {
        await _first.InitializeAsync();
        _second = await _first.StartSynchronousStandbyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Theory]
    [InlineData(true)] // its address refuses connections
    // Its address is silent, as that of a machine which has gone; later it is back, and does not know that it is not the primary any more.
    [InlineData(false)]
    public async Task The_primary_lost_and_its_standby_promoted_two_seconds_later_cost_no_request_and_no_acknowledged_write(bool killed)
    {
        await using var network = new NetworkCut(_first.Port);
        var hosts = LocalPostgres.ConnectionStringOfPrimary(killed ? _first.Port : network.Port, _second.Port);
        await using var one = await ApiProgram.StartForLoadAsync("api-1", hosts);
        await using var two = await ApiProgram.StartForLoadAsync("api-2", hosts);
        await using var three = await ApiProgram.StartForLoadAsync("api-3", hosts);
        await using var gateway = await RunningGateway.StartHoldingAsync(one.Address.Port, two.Address.Port, three.Address.Port);
        var address = new Uri($"http://127.0.0.1:{gateway.HttpPort}");
        var seed = $"failover {Guid.NewGuid():N}";
        var wallet = await Workload.CreateScoredWalletAsync(address, seed, Cancellation);
        using (var warm = new GatewayClient(address))
        {
            await warm.WarmAsync(wallet, rounds: 60);
        }

        long lost = 0,
            promoted = 0,
            back = 0;
        using var client = new OpenLoopClient(address, Connections.KeepAlive, RequestsPerSecond, new Workload(seed, wallet).Next);
        var outcomes = await client.RunWhileAsync(async () =>
        {
            await PassAsync(1);
            lost = Stopwatch.GetTimestamp();
            if (killed)
            {
                await _first.KillAsync();
            }
            else
            {
                network.FallSilent();
            }

            await PassAsync(2);
            await _second.PromoteAsync();
            promoted = Stopwatch.GetTimestamp();
            await PassAsync(4);
            back = Stopwatch.GetTimestamp();
            if (killed)
            {
                await _first.StartAsync();
            }
            else
            {
                network.Mend();
            }

            await PassAsync(3);
            await using var late = await ApiProgram.StartForLoadAsync("api-4", hosts);
            using var later = new GatewayClient(late.Address);
            await GatewayClient.ReadAsync(await later.ComputeScoreAsync(wallet, $"{wallet} late"));
        });

        Phases.Report(
            output,
            outcomes,
            ("before", 0),
            ("lost", lost),
            ("promoted", promoted),
            ("normal", promoted + (long)(s_recovery.TotalSeconds * Stopwatch.Frequency)),
            ("the lost one is back", back)
        );
        Assert.Empty(outcomes.Where(o => o.Failed).Select(o => o.ToString()));
        Assert.DoesNotContain(outcomes, o => o.Latency > s_slowest);
        Assert.DoesNotContain(
            outcomes,
            o => o.Due > promoted + (s_recovery.TotalSeconds * Stopwatch.Frequency) && o.Latency > TimeSpan.FromSeconds(3)
        );
        Assert.Contains(outcomes, o => o.Due > lost && o.Due < promoted);
        await StoredWrites.AssertStoredOnceAsync(_second.ConnectionString, outcomes);
    }

    [Fact]
    public async Task A_write_that_the_standby_lacks_is_not_acknowledged_also_when_it_is_sent_again()
    {
        var hosts = LocalPostgres.ConnectionStringOfPrimary(_first.Port, _second.Port);
        await using var replica = await ApiProgram.StartForLoadAsync("api-1", hosts);
        var wallet = await Workload.CreateScoredWalletAsync(replica.Address, "first", Cancellation);
        using var client = new GatewayClient(replica.Address);
        var transaction = GatewayClient.Transaction("frozen", 1);
        _second.Freeze();
        try
        {
            // Each is stored on the primary by the first attempt; the later ones find it there.
            for (var attempt = 0; attempt < 3; attempt++)
            {
                using var score = await client.ComputeScoreAsync(wallet, "frozen");
                Assert.False(score.IsSuccessStatusCode);
                using var transactions = await client.SendTransactionsAsync(wallet, transaction);
                Assert.False(transactions.IsSuccessStatusCode);
            }

            Assert.Equal(2L, await _first.RunAsync($"SELECT count(*) FROM score_history WHERE address = '{wallet}'"));
        }
        finally
        {
            _second.Thaw();
        }

        await ApiProgram.WaitUntilReadyAsync(replica);
        await GatewayClient.ReadAsync(await client.ComputeScoreAsync(wallet, "frozen"));
        await GatewayClient.ReadAsync(await client.SendTransactionsAsync(wallet, transaction));
        Assert.Equal(2L, await _second.RunAsync($"SELECT count(*) FROM score_history WHERE address = '{wallet}'"));
        Assert.Equal(1L, await _second.RunAsync($"SELECT count(*) FROM wallet_transactions WHERE address = '{wallet}'"));
    }

    [Fact]
    public async Task Migrations_find_the_primary()
    {
        await _first.RunAsync("CREATE DATABASE later");
        var hosts = LocalPostgres
            .ConnectionStringOfPrimary(_second.Port, _first.Port)
            .Replace("Database=postgres", "Database=later", StringComparison.Ordinal);
        var database = ApiOptions.ReadDatabase(GivenSettings.Of(("ConnectionStrings:neurocred", hosts)));

        Assert.Equal(
            0,
            await new MigrateCommand(database, TimeSpan.FromMinutes(1), NullLoggerFactory.Instance, TimeProvider.System).RunAsync(
                Cancellation
            )
        );

        await using var replica = await ApiProgram.StartForLoadAsync("api-1", hosts);
    }

    // How long a fault lasts is what is tested here; nothing else is waited for like this.
    private static Task PassAsync(int seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), Cancellation);
}
