using NeuroCred.Api.Configuration;
using NeuroCred.Tests.WholeSystem;

namespace NeuroCred.Tests.Api.Postgres;

/// <summary>A dump of a database in use, restored as docs/deploying/backup.md says, serves as if nothing had happened.</summary>
[StartsProcesses]
public sealed class RestoredBackupTests(PostgresServer postgres) : IClassFixture<PostgresServer>, IDisposable
{
    private const string Wallet = "0x582177481F742e3cfdB0245e41D432A9F27B86F2";

    private static readonly ServiceRole s_role = new("neurocred_service", "of-the-service");

    private readonly string _folder = Directory.CreateTempSubdirectory("neurocred-dump-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_restored_dump_has_every_score_replays_what_was_answered_and_goes_on_counting()
    {
        await PostgresServer.MigrateAsync(postgres.ConnectionString, s_role);
        string computed;
        await using (var replica = await StartAsync(postgres.ConnectionString))
        {
            using var client = new GatewayClient(replica.Address);
            await GatewayClient.ReadAsync(await client.SendTransactionsAsync(Wallet, GatewayClient.Transaction("before", 2000)));
            computed = await ScoreAsync(client, "before", replayed: false);
        }

        await using var restored = new LocalPostgres();
        await restored.CreateAsync();
        await DumpAndRestoreAsync(restored);
        await PostgresServer.MigrateAsync(restored.ConnectionString, s_role);

        await using var afterwards = await StartAsync(restored.ConnectionString);
        using var again = new GatewayClient(afterwards.Address);
        Assert.Equal(computed, (await again.GetScoreAsync(Wallet)).GetRawText());
        Assert.Equal(computed, await ScoreAsync(again, "before", replayed: true));
        await ScoreAsync(again, "after", replayed: false);
        Assert.Equal(2L, await restored.RunAsync("SELECT max(sequence) FROM score_history"));
    }

    private async Task DumpAndRestoreAsync(LocalPostgres restored)
    {
        var programs = Directory.GetDirectories("/usr/lib/postgresql").Order().Last() + "/bin";
        var dump = Path.Combine(_folder, "neurocred.dump");
        await RunAsync(
            $"{programs}/pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-acl",
            $"--file={dump}",
            $"--dbname=postgresql://postgres@127.0.0.1:{postgres.Port}/postgres"
        );
        await RunAsync(
            $"{programs}/pg_restore",
            "--no-owner",
            "--exit-on-error",
            "--single-transaction",
            $"--dbname=postgresql://postgres@127.0.0.1:{restored.Port}/postgres",
            dump
        );
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var (code, output) = await Tool.RunAsync(program, arguments);
        Assert.True(code == 0, output);
    }

    private static Task<ProgramProcess> StartAsync(string connectionString) =>
        ApiProgram.StartAsync(
            "api-1",
            connectionString,
            new Dictionary<string, string> { ["Postgres:User"] = s_role.Name, ["Postgres:Password"] = s_role.Password }
        );

    private static async Task<string> ScoreAsync(GatewayClient client, string key, bool replayed)
    {
        var response = await client.ComputeScoreAsync(Wallet, key);
        Assert.Equal(replayed, response.Headers.Contains("Idempotent-Replayed"));
        return (await GatewayClient.ReadAsync(response)).GetRawText();
    }
}
