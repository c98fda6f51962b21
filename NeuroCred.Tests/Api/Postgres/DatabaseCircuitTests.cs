using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using NeuroCred.Api.Migrations;
using NeuroCred.Api.Postgres;
using NeuroCred.Api.Wallets;
using NeuroCred.Tests.Api.Wallets;
using Npgsql;

namespace NeuroCred.Tests.Api.Postgres;

/// <summary>When a replica takes Postgres for one that can serve.</summary>
[StartsProcesses]
public sealed class DatabaseCircuitTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_replica_is_not_ready_before_the_schema_is_the_one_it_was_made_for_and_a_newer_one_will_do()
    {
        var connectionString = await postgres.CreateDatabaseAsync($"migrations_{Guid.NewGuid():N}");
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var database = new ReplicaDatabase(connectionString);
        var check = new DatabaseHealthCheck(database.Circuit);
        Assert.Equal(HealthStatus.Unhealthy, (await check.CheckHealthAsync(new(), Cancellation)).Status);
        await database.Circuit.StartAsync(Cancellation);

        await WaitForAsync(HealthStatus.Unhealthy, "does not exist");
        var scripts = MigrationScript.Embedded();
        await MigrateAsync([scripts[0]]);
        await WaitForAsync(HealthStatus.Unhealthy, "waiting for the migration");
        await MigrateAsync([.. scripts, new(scripts[^1].Version + 1, "9999_of_a_newer_version.sql", "SELECT 1")]);
        await WaitForAsync(HealthStatus.Healthy, "");

        Task<int> MigrateAsync(IReadOnlyList<MigrationScript> some) =>
            new Migrator(source, some, NullLogger<Migrator>.Instance).ApplyAsync(Cancellation);

        Task WaitForAsync(HealthStatus status, string words) =>
            Until.HoldsAsync(
                async () =>
                    await check.CheckHealthAsync(new(), Cancellation) is var found
                    && found.Status == status
                    && (found.Description ?? "").Contains(words, StringComparison.Ordinal),
                s_patience,
                () => $"It is not {status}: {database.Circuit.Problem}"
            );
    }

    [Fact]
    public async Task A_request_that_waits_is_told_at_once_when_Postgres_falls_silent_and_the_next_one_does_not_try()
    {
        await using var network = new NetworkCut(postgres.Port);
        await using var database = new ReplicaDatabase(PostgresServer.ConnectionStringOn(network.Port));
        await database.StartAsync();
        network.FallSilent();

        await Assert.ThrowsAsync<DatabaseUnreachableException>(() => database.Requests.RunAsync(AskAsync, s_patience));
        await Assert.ThrowsAsync<DatabaseUnreachableException>(() =>
            database.Requests.RunAsync<int>(_ => throw new InvalidOperationException("It tried."), s_patience)
        );

        network.Mend();
        await database.WaitUntilServedAsync();
        Assert.Equal(1, await database.Requests.RunAsync(AskAsync, s_patience));

        static async Task<int> AskAsync(NpgsqlConnection connection)
        {
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            return (int)(await command.ExecuteScalarAsync())!;
        }
    }

    [Fact]
    public async Task A_session_that_cannot_write_is_thrown_away_and_its_work_is_done_on_another()
    {
        var connectionString = new NpgsqlConnectionStringBuilder(postgres.ConnectionString)
        {
            Pooling = true,
            MaxPoolSize = 1,
        }.ConnectionString;
        await using var database = new ReplicaDatabase(connectionString);
        List<int> sessions = [];

        await database.Requests.RunAsync(
            async connection =>
            {
                sessions.Add(connection.ProcessID);
                await connection.ExecuteAsync($"SET default_transaction_read_only = {(sessions.Count == 1 ? "on" : "off")}");
                return await connection.ExecuteAsync(Write);
            },
            s_patience
        );

        Assert.Equal((2, 2), (sessions.Count, sessions.Distinct().Count()));
    }

    [Fact]
    public async Task A_control_session_that_cannot_write_is_thrown_away()
    {
        await using var database = new ReplicaDatabase(postgres.ConnectionString);
        using var control = new ControlDatabase(
            new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Pooling = true, NoResetOnClose = true }.ConnectionString,
            database.Circuit
        );
        var before = await control.RunAsync(async connection =>
        {
            await connection.ExecuteAsync("SET default_transaction_read_only = on");
            return connection.ProcessID;
        });

        await Assert.ThrowsAsync<PostgresException>(() => control.RunAsync(connection => connection.ExecuteAsync(Write)));

        Assert.Equal(1, await control.RunAsync(connection => connection.ExecuteAsync(Write)));
        Assert.NotEqual(before, await control.RunAsync(connection => Task.FromResult(connection.ProcessID)));
    }

    [Fact]
    public async Task A_full_disk_degrades_readiness_with_the_words_of_Postgres_and_only_while_it_lasts()
    {
        const string words = "could not extend file \"base/5/16400\": No space left on device";
        var clock = new FakeTimeProvider();
        await using var database = new ReplicaDatabase(postgres.ConnectionString, clock);
        var check = new DatabaseHealthCheck(database.Circuit);
        await database.StartAsync();
        await postgres.RunAsync(
            $"""
            CREATE FUNCTION be_full() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION USING errcode = '53100', message = '{words}'; END $$;
            CREATE TRIGGER full_disk BEFORE INSERT ON wallet_staking FOR EACH STATEMENT EXECUTE FUNCTION be_full()
            """
        );
        try
        {
            var failed = await Assert.ThrowsAsync<PostgresException>(() =>
                new StakingStore(database.Requests, new(TimeProvider.System, most: 1)).SetAsync(NumberedWallet.Of(1), 1, "tests")
            );
            Assert.True(DatabaseFaults.IsUnavailable(failed));
        }
        finally
        {
            await postgres.RunAsync("DROP FUNCTION be_full CASCADE");
        }

        var found = await check.CheckHealthAsync(new(), Cancellation);
        Assert.Equal((HealthStatus.Degraded, $"Postgres refuses requests: 53100 {words}"), (found.Status, found.Description));
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new(), Cancellation)).Status);
    }

    [Fact]
    public async Task Sessions_that_begin_without_the_right_to_write_are_noticed_by_the_first_request_and_told_in_the_words_of_Postgres()
    {
        var name = $"read_only_{Guid.NewGuid():N}";
        var connectionString = await postgres.CreateDatabaseAsync(name);
        await PostgresServer.MigrateAsync(connectionString);
        await using var database = new ReplicaDatabase(connectionString);
        await database.StartAsync();
        await postgres.RunAsync($"ALTER DATABASE {name} SET default_transaction_read_only = on");

        await Assert.ThrowsAnyAsync<Exception>(() => database.Requests.RunAsync(connection => connection.ExecuteAsync(Write), s_patience));
        await Until.HoldsAsync(
            () => database.Circuit.Problem == "Postgres is read-only: 25006 cannot execute UPDATE in a read-only transaction",
            s_patience,
            () => $"{database.Circuit.Problem}"
        );

        await postgres.RunAsync($"ALTER DATABASE {name} RESET default_transaction_read_only");
        await database.WaitUntilServedAsync();
        Assert.Equal(1, await database.Requests.RunAsync(connection => connection.ExecuteAsync(Write), s_patience));
    }

    private const string Write = "UPDATE score_cache_fence SET epoch = epoch";
}
