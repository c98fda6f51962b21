using Microsoft.Extensions.Logging.Abstractions;
using NeuroCred.Api.Migrations;
using NeuroCred.Tests.Api.Postgres;
using Npgsql;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>A database that was in use is brought up to date while replicas of the previous version go on with it.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed class MigrationTests(RunningSystem system) : IAsyncLifetime
{
    private const string First = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Second = "0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private readonly string _name = $"migrations_{Guid.NewGuid():N}";
    private NpgsqlDataSource _server = null!;
    private NpgsqlDataSource _database = null!;

    public async ValueTask InitializeAsync()
    {
        var connectionString = await system.GetDatabaseAsync();
        _server = NpgsqlDataSource.Create(connectionString);
        await _server.ExecuteAsync($"CREATE DATABASE {_name}");
        _database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connectionString) { Database = _name, Pooling = false }.ConnectionString
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _server.ExecuteAsync($"DROP DATABASE {_name} WITH (FORCE)");
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Scores_of_before_are_numbered_and_those_that_the_previous_version_still_adds_are_too()
    {
        var scripts = MigrationScript.Embedded();
        await MigrateAsync([scripts[0]]);
        await AddAsPreviousVersionAsync(First, 10);
        await AddAsPreviousVersionAsync(Second, 20);
        await AddAsPreviousVersionAsync(First, 11);

        await MigrateAsync(scripts);
        await AddAsPreviousVersionAsync(First, 12);
        await AddAsPreviousVersionAsync(Second, 21);

        Assert.Equal(["1:10", "2:11", "3:12"], await ReadAsync(First));
        Assert.Equal(["1:20", "2:21"], await ReadAsync(Second));
    }

    [Fact]
    public async Task A_number_that_was_rolled_back_is_given_again()
    {
        await MigrateAsync(MigrationScript.Embedded());
        await AddAsPreviousVersionAsync(First, 10);
        await using (var connection = await _database.OpenConnectionAsync(Cancellation))
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await connection.ExecuteAsync(Insert(First, 11));
        }

        await AddAsPreviousVersionAsync(First, 12);

        Assert.Equal(["1:10", "2:12"], await ReadAsync(First));
    }

    private Task<int> MigrateAsync(IReadOnlyList<MigrationScript> scripts) =>
        new Migrator(_database, scripts, NullLogger<Migrator>.Instance).ApplyAsync(Cancellation);

    private Task<int> AddAsPreviousVersionAsync(string wallet, int score) => _database.ExecuteAsync(Insert(wallet, score));

    private static string Insert(string wallet, int score) =>
        $"""
            INSERT INTO score_history (address, score, base_score, risk_band, explanation, staking_boost, staking_tier, computed_at)
            VALUES ('{wallet}', {score}, 0, 0, '[]', 0, 0, now())
            """;

    private async Task<List<string>> ReadAsync(string wallet)
    {
        await using var command = _database.CreateCommand(
            $"SELECT sequence || ':' || score FROM score_history WHERE address = '{wallet}' ORDER BY sequence"
        );
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        List<string> rows = [];
        while (await reader.ReadAsync(Cancellation))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
