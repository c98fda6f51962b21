using NeuroCred.Api.Configuration;
using NeuroCred.Tests.Documents;
using Npgsql;

namespace NeuroCred.Tests.Api.Postgres;

/// <summary>A dump of a database in use, restored as docs/deploying/backup.md says, serves as if nothing had happened.</summary>
[StartsProcesses]
public sealed class RestoredBackupTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private const string Wallet = "0x582177481F742e3cfdB0245e41D432A9F27B86F2";

    // As the page names it.
    private const string Restored = "neurocred_restored";

    private static readonly ServiceRole s_role = new("neurocred_service", "of-the-service");

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
        var database = new NpgsqlConnectionStringBuilder(restored.ConnectionString) { Database = Restored }.ConnectionString;
        await PostgresServer.MigrateAsync(database, s_role);

        await using var afterwards = await StartAsync(database);
        using var again = new GatewayClient(afterwards.Address);
        Assert.Equal(computed, (await again.GetScoreAsync(Wallet)).GetRawText());
        Assert.Equal(computed, await ScoreAsync(again, "before", replayed: true));
        await ScoreAsync(again, "after", replayed: false);
        await using var source = NpgsqlDataSource.Create(database);
        await using var count = source.CreateCommand("SELECT max(sequence) FROM score_history");
        Assert.Equal(2L, await count.ExecuteScalarAsync(Cancellation));
    }

    private async Task DumpAndRestoreAsync(LocalPostgres restored)
    {
        var page = MarkdownPage.Named("docs/deploying/backup.md");
        using var shell = new ReadersShell(
            new Dictionary<string, string> { ["PATH"] = $"{LocalPostgres.Programs}:{Environment.GetEnvironmentVariable("PATH")}" }
        );
        await shell.RunAsync(
            page.CommandsUnder("Make a dump").Where(ShellCommands.IsForOwner),
            ("$OWNER_URL", UrlOf(postgres.Port, "postgres"))
        );
        await shell.RunAsync(
            page.CommandsUnder("Restore it").Where(ShellCommands.IsForOwner),
            ("$OWNER_URL", UrlOf(restored.Port, "postgres")),
            ("$RESTORED_URL", UrlOf(restored.Port, Restored))
        );
        shell.AssertRanAll((_, command) => ShellCommands.IsForOwner(command));
    }

    private static string UrlOf(int port, string database) => $"postgresql://postgres@127.0.0.1:{port}/{database}";

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
