using NeuroCred.Api.Configuration;
using Npgsql;

namespace NeuroCred.Tests.Api.Postgres;

/// <summary>Statements are prepared, and what is prepared outlives a migration.</summary>
[StartsProcesses]
public sealed class PreparedStatementTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private const int Connections = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_migration_that_changes_a_column_fails_no_request_of_a_replica_that_prepared_its_statements_before()
    {
        var connectionString = DatabaseDefaults.Complete(PostgresServer.WithPool(postgres.ConnectionString), Connections);
        await using var database = new ReplicaDatabase(connectionString);
        await database.StartAsync();
        await postgres.RunAsync("CREATE TABLE migrated (value int); INSERT INTO migrated VALUES (7)");
        List<NpgsqlConnection> all = [];
        for (var i = 0; i < Connections; i++)
        {
            var connection = await database.Servers.All[0].OpenConnectionAsync(Cancellation);
            all.Add(connection);
            for (var use = 0; use < 6; use++)
            {
                Assert.Equal(7L, await ReadAsync(connection));
            }

            await using var count = new NpgsqlCommand(
                "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%migrated'",
                connection
            );
            Assert.Equal(1L, await count.ExecuteScalarAsync(Cancellation));
        }

        foreach (var connection in all)
        {
            await connection.DisposeAsync();
        }

        await postgres.RunAsync("ALTER TABLE migrated ALTER COLUMN value TYPE bigint");

        for (var i = 0; i < 2 * Connections; i++)
        {
            Assert.Equal(7L, await database.Requests.RunAsync(ReadAsync, s_patience));
        }
    }

    private static async Task<long> ReadAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT value FROM migrated", connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(Cancellation));
    }
}
