using Microsoft.Extensions.Logging.Abstractions;
using NeuroCred.Api.Migrations;
using Npgsql;

namespace NeuroCred.Tests.Api.Postgres;

/// <summary>A PostgreSQL of this machine's programs, on a free port, with the schema and throw-away data.</summary>
public sealed class PostgresServer : LocalPostgres, IAsyncLifetime
{
    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await CreateAsync();
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await new Migrator(source, MigrationScript.Embedded(), NullLogger<Migrator>.Instance).ApplyAsync(CancellationToken.None);
    }
}
