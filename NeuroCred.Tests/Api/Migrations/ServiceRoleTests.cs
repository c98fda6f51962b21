using NeuroCred.Api.Configuration;
using NeuroCred.Api.Migrations;
using NeuroCred.Tests.Api.Postgres;
using Npgsql;

namespace NeuroCred.Tests.Api.Migrations;

/// <summary>Requests are served with a role that cannot harm the schema, and the migration makes it.</summary>
[StartsProcesses]
public sealed class ServiceRoleTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    [Fact]
    public async Task The_role_may_read_and_write_rows_and_nothing_of_the_schema()
    {
        var role = new ServiceRole("service \"of\" rows", "a'b\\c");
        await PostgresServer.MigrateAsync(postgres.ConnectionString, role);

        await using var service = NpgsqlDataSource.Create(role.ApplyTo(postgres.ConnectionString));
        await service.ExecuteAsync("UPDATE score_cache_fence SET epoch = epoch");
        await service.ExecuteAsync("SELECT count(*) FROM score_history");
        await service.ExecuteAsync("SELECT max(version) FROM schema_migrations");
        foreach (
            var forbidden in new[]
            {
                "CREATE TABLE mine (id int)",
                "DROP TABLE score_history",
                "TRUNCATE score_history",
                "DELETE FROM schema_migrations",
                "ALTER TABLE score_history DISABLE TRIGGER ALL",
            }
        )
        {
            var error = await Assert.ThrowsAsync<PostgresException>(() => service.ExecuteAsync(forbidden));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
        }
    }

    [Fact]
    public async Task A_new_password_is_in_force_after_the_next_migration()
    {
        var role = new ServiceRole("with_password", "first");
        await PostgresServer.MigrateAsync(postgres.ConnectionString, role);
        await RequirePasswordAsync(role.Name);

        await RunAsync(role.ApplyTo(postgres.ConnectionString), "SELECT 1");
        await PostgresServer.MigrateAsync(postgres.ConnectionString, role with { Password = "zweites ü" });

        await RunAsync((role with { Password = "zweites ü" }).ApplyTo(postgres.ConnectionString), "SELECT 1");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(role.ApplyTo(postgres.ConnectionString), "SELECT 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Fact]
    public async Task The_owner_itself_is_refused_as_the_role_for_requests()
    {
        var error = await Assert.ThrowsAsync<MigrationException>(() =>
            PostgresServer.MigrateAsync(postgres.ConnectionString, new("postgres", "secret-word"))
        );

        Assert.Contains("Postgres:User is 'postgres'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", error.Message, StringComparison.Ordinal);
    }

    // As CloudNativePG's owner in deploy/kubernetes/postgres, and the first user on RDS: no superuser.
    [Fact]
    public async Task An_owner_that_may_make_roles_and_no_more_makes_it_and_changes_its_password()
    {
        await RunAsync(postgres.ConnectionString, "CREATE ROLE maker LOGIN CREATEROLE");
        await RunAsync(postgres.ConnectionString, "CREATE DATABASE made OWNER maker");
        var owner = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Username = "maker", Database = "made" };
        var role = new ServiceRole("made_service", "first");

        await PostgresServer.MigrateAsync(owner.ConnectionString, role);
        role = role with { Password = "second" };
        await PostgresServer.MigrateAsync(owner.ConnectionString, role);

        await RequirePasswordAsync(role.Name);
        await RunAsync(role.ApplyTo(owner.ConnectionString), "SELECT count(*) FROM score_history");
    }

    [Fact]
    public async Task An_owner_that_may_not_make_roles_is_told_so_and_changes_nothing()
    {
        await RunAsync(postgres.ConnectionString, "CREATE ROLE modest LOGIN");
        await RunAsync(postgres.ConnectionString, "CREATE DATABASE modest OWNER modest");
        var owner = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Username = "modest", Database = "modest" };

        var error = await Assert.ThrowsAsync<MigrationException>(() =>
            PostgresServer.MigrateAsync(owner.ConnectionString, new("service", "secret-word"))
        );

        Assert.Contains(
            "Give it CREATEROLE and the tables, or leave Postgres:User and Postgres:Password out.",
            error.Message,
            StringComparison.Ordinal
        );
        var missing = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(owner.ConnectionString, "SELECT 1 FROM score_history"));
        Assert.Equal(PostgresErrorCodes.UndefinedTable, missing.SqlState);
    }

    [Theory]
    [InlineData("Postgres:User", "Postgres:Password is missing, and Postgres:User is given.")]
    [InlineData("Postgres:Password", "Postgres:User is missing, and Postgres:Password is given.")]
    public void One_of_the_two_settings_alone_is_an_error(string given, string expected)
    {
        var settings = GivenSettings.Of((given, "something"));

        Assert.Null(ServiceRole.Read(settings));
        Assert.StartsWith(expected, Assert.Single(settings.Errors), StringComparison.Ordinal);
    }

    private async Task RequirePasswordAsync(string role)
    {
        var file = await postgres.RunAsync("SHOW hba_file");
        await postgres.RunAsync($"COPY (SELECT unnest(ARRAY['host all {role} all scram-sha-256', 'host all all all trust'])) TO '{file}'");
        await postgres.RunAsync("SELECT pg_reload_conf()");
        await Until.HoldsAsync(
            async () =>
            {
                try
                {
                    await RunAsync(new ServiceRole(role, "wrong").ApplyTo(postgres.ConnectionString), "SELECT 1");
                    return false;
                }
                catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidPassword)
                {
                    return true;
                }
            },
            TimeSpan.FromMinutes(1),
            () => "Postgres does not ask for passwords."
        );
    }

    private static async Task RunAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await source.ExecuteAsync(sql);
    }
}
