using Npgsql;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>Transactions go in through the gateway, an explained score comes out.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed class ScoringTests(RunningSystem system) : IDisposable
{
    private readonly GatewayClient _client = new(system.Gateway);
    private readonly string _id = Guid.NewGuid().ToString("N");

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("strong", "0x582177481F742e3cfdB0245e41D432A9F27B86F2", 1000, 1)]
    [InlineData("medium", "0xBD98CbbaBEdFdc5eA5268a5bf66E35F7f5f13FEc", 700, 2)]
    [InlineData("whale", "0x6282f8f273235752a964599105c6e52faA78E8AB", 550, 2)]
    [InlineData("weak", "0x335a8e29927b724E1D07607C4087dD5FF7bC6082", 400, 3)]
    public async Task A_sample_wallet_gets_the_score_that_its_readme_promises(string sample, string wallet, int score, int riskBand)
    {
        var file = Path.Combine(Projects.NeuroCred_AppHost.ProjectPath, "..", "samples", $"{sample}.json");
        await GatewayClient.ReadAsync(await _client.SendTransactionsAsync(wallet, await File.ReadAllTextAsync(file, Cancellation)));

        var answer = await GatewayClient.ReadAsync(await _client.ComputeScoreAsync(wallet, _id));

        Assert.Equal(wallet, answer.GetProperty("address").GetString());
        Assert.Equal(score, answer.GetProperty("score").GetInt32());
        Assert.Equal(riskBand, answer.GetProperty("riskBand").GetInt32());
        Assert.Equal(answer.ToString(), (await _client.GetScoreAsync(wallet)).ToString());
    }

    [Fact]
    public async Task Transactions_that_are_sent_again_are_stored_once()
    {
        var wallet = Workload.AddressOf(_id);
        var batch = GatewayClient.Transaction(_id, 10);

        var first = await GatewayClient.ReadAsync(await _client.SendTransactionsAsync(wallet, batch));
        var second = await GatewayClient.ReadAsync(await _client.SendTransactionsAsync(wallet, batch));

        Assert.Equal("""{"accepted":1,"duplicates":0}""", first.ToString());
        Assert.Equal("""{"accepted":0,"duplicates":1}""", second.ToString());
    }

    [Fact]
    public async Task A_request_that_arrives_many_times_at_once_is_computed_once_and_replayed_to_the_others()
    {
        var wallet = Workload.AddressOf(_id);

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => _client.ComputeScoreAsync(wallet, _id)));

        var bodies = await Task.WhenAll(answers.Select(GatewayClient.ReadAsync));
        Assert.Single(bodies.Select(b => b.ToString()).Distinct());
        Assert.Single(answers, a => !a.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal(1L, await CountScoresAsync(wallet));
    }

    [Fact]
    public async Task A_new_score_is_seen_at_once_whichever_replica_answers()
    {
        var wallet = Workload.AddressOf(_id);
        var replicas = RunningSystem.Replicas.Select(r => new GatewayClient(system.AddressOf(r))).ToArray();
        try
        {
            for (var i = 0; i < 10; i++)
            {
                await GatewayClient.ReadAsync(await _client.SendTransactionsAsync(wallet, GatewayClient.Transaction($"{_id} {i}", 300)));
                var computed = await GatewayClient.ReadAsync(await _client.ComputeScoreAsync(wallet, $"{_id}-{i}"));

                foreach (var replica in replicas)
                {
                    Assert.Equal(computed.ToString(), (await replica.GetScoreAsync(wallet)).ToString());
                }
            }
        }
        finally
        {
            Array.ForEach(replicas, r => r.Dispose());
        }
    }

    private async Task<long> CountScoresAsync(string wallet)
    {
        await using var database = NpgsqlDataSource.Create(await system.GetDatabaseAsync());
        await using var command = database.CreateCommand("SELECT count(*) FROM score_history WHERE address = $1");
        command.Parameters.Add(new() { Value = wallet });
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
