using Microsoft.Extensions.Logging.Abstractions;
using NeuroCred.Api.Configuration;
using NeuroCred.Api.Migrations;
using Npgsql;

namespace NeuroCred.Tests.Api.Postgres;

/// <summary>A PostgreSQL of this machine's programs, on a free port, with the schema and throw-away data.</summary>
public sealed class PostgresServer : LocalPostgres, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await CreateAsync();
        await MigrateAsync(ConnectionString);
    }

    /// <summary>Makes a database of its own, without a schema.</summary>
    /// <returns>How a superuser connects to it, without a pool.</returns>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        await RunAsync($"CREATE DATABASE {name}");
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>A connection string with a pool, as replicas have one.</summary>
    public static string WithPool(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Pooling = true }.ConnectionString;

    /// <summary>Gives a database the schema.</summary>
    internal static async Task MigrateAsync(string connectionString, ServiceRole? role = null)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await new Migrator(source, MigrationScript.Embedded(), NullLogger<Migrator>.Instance, role).ApplyAsync(CancellationToken.None);
    }
}
