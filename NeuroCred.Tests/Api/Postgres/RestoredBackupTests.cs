using System.Net.Http.Json;
using Microsoft.Extensions.Logging.Abstractions;
using NeuroCred.Api.Configuration;
using NeuroCred.Api.Migrations;
using NeuroCred.Tests.Documents;
using Npgsql;

namespace NeuroCred.Tests.Api.Postgres;

/// <summary>A dump of a database in use, restored with the commands of docs/deploying/backup.md, serves as if nothing had happened.</summary>
[StartsProcesses]
public sealed class RestoredBackupTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private const string Wallet = "0x582177481F742e3cfdB0245e41D432A9F27B86F2";

    // As the page names it.
    private const string Restored = "neurocred_restored";

    private static readonly ServiceRole s_role = new("neurocred_service", "of-the-service");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_restored_dump_has_every_score_replays_what_was_answered_and_goes_on_counting()
    {
        await MigrateAsync(postgres.ConnectionString);
        string computed;
        await using (var replica = await StartAsync(postgres.ConnectionString))
        {
            using var client = ClientOf(replica);
            await AddTransactionAsync(client);
            computed = await ScoreAsync(client, "before", replayed: false);
        }

        await using var restored = new LocalPostgres();
        await restored.CreateAsync();
        await DumpAndRestoreAsync(restored);
        var database = new NpgsqlConnectionStringBuilder(restored.ConnectionString) { Database = Restored }.ConnectionString;
        await MigrateAsync(database);

        await using var afterwards = await StartAsync(database);
        using var again = ClientOf(afterwards);
        Assert.Equal(computed, await again.GetStringAsync($"/api/score/{Wallet}", Cancellation));
        Assert.Equal(computed, await ScoreAsync(again, "before", replayed: true));
        await ScoreAsync(again, "after", replayed: false);
        await using var source = NpgsqlDataSource.Create(database);
        await using var count = source.CreateCommand("SELECT max(sequence) FROM score_history");
        Assert.Equal(2L, await count.ExecuteScalarAsync(Cancellation));
    }

    private async Task DumpAndRestoreAsync(LocalPostgres restored)
    {
        var page = MarkdownPage.Named("docs/deploying/backup.md");
        var programs = Directory.GetDirectories("/usr/lib/postgresql").Order().Last() + "/bin";
        using var shell = new ReadersShell(
            new Dictionary<string, string> { ["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}" }
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
    }

    private static string UrlOf(int port, string database) => $"postgresql://postgres@127.0.0.1:{port}/{database}";

    private static async Task MigrateAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await new Migrator(source, MigrationScript.Embedded(), NullLogger<Migrator>.Instance, s_role).ApplyAsync(Cancellation);
    }

    private static Task<ProgramProcess> StartAsync(string connectionString) =>
        ApiProgram.StartAsync(
            "api-1",
            new Dictionary<string, string>
            {
                ["ConnectionStrings:neurocred"] = connectionString,
                ["Postgres:User"] = s_role.Name,
                ["Postgres:Password"] = s_role.Password,
                ["Api:Key"] = Workload.ApiKey,
            }
        );

    private static HttpClient ClientOf(ProgramProcess replica) =>
        new() { BaseAddress = replica.Address, DefaultRequestHeaders = { { "X-API-Key", Workload.ApiKey } } };

    private static async Task AddTransactionAsync(HttpClient client)
    {
        using var response = await client.PostAsJsonAsync(
            $"/api/wallets/{Wallet}/transactions",
            new
            {
                transactions = new[]
                {
                    new
                    {
                        hash = "0x" + new string('a', 64),
                        timestamp = "2025-03-01T12:00:00Z",
                        valueUsd = 2000,
                        token = "USDC",
                    },
                },
            },
            Cancellation
        );
        response.EnsureSuccessStatusCode();
    }

    private static async Task<string> ScoreAsync(HttpClient client, string key, bool replayed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/score")
        {
            Content = JsonContent.Create(new { address = Wallet }),
        };
        request.Headers.Add("Idempotency-Key", $"\"{key}\"");
        using var response = await client.SendAsync(request, Cancellation);
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, body);
        Assert.Equal(replayed, response.Headers.Contains("Idempotent-Replayed"));
        return body;
    }
}
