using NeuroCred.Api.Configuration;
using NeuroCred.Api.Postgres;
using Npgsql;

namespace NeuroCred.Api.Migrations;

/// <summary>The schema cannot be brought up to date, and an operator has to do something about it.</summary>
internal sealed class MigrationException(string message) : Exception(message);

/// <summary>
/// Brings the schema up to date in one transaction: all missing steps are applied, or none. An advisory lock lets several callers start at
/// once; the later ones find nothing to do. Steps of a newer program are left alone, so that an older one can be put back.
/// </summary>
/// <param name="source">Connects as the owner of the schema.</param>
/// <param name="scripts">The steps.</param>
/// <param name="logger">Told of each step.</param>
/// <param name="role">The role that requests are served with; null when it is the owner.</param>
internal sealed partial class Migrator(
    NpgsqlDataSource source,
    IReadOnlyList<MigrationScript> scripts,
    ILogger<Migrator> logger,
    ServiceRole? role = null
)
{
    /// <summary>The advisory lock of whoever migrates: "NCRDMIG".</summary>
    public const long LockKey = 0x4E_43_52_44_4D_49_47;

    // Other migrators are waited for however long they take. A table's lock is not: all who come to the table later wait behind this
    // session. 1.2 s is less than a read may wait, and more than deadlock_timeout (1 s), after which Postgres ends an autovacuum that is
    // in the way.
    private static readonly string s_prepare = $"""
        SET LOCAL statement_timeout = 0;
        SET LOCAL idle_in_transaction_session_timeout = 0;
        SET LOCAL lock_timeout = 0;
        SELECT pg_advisory_xact_lock({LockKey});
        SET LOCAL lock_timeout = '1200ms';
        """;

    private const string Journal = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            version    int         PRIMARY KEY,
            name       text        NOT NULL,
            checksum   text        NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now())
        """;

    /// <returns>How many steps were applied.</returns>
    /// <exception cref="MigrationException">An applied step was edited, or the role for requests cannot be made.</exception>
    /// <exception cref="PostgresException">Also if another session keeps a table's lock for more than 1.2 s (55P03): try again.</exception>
    public async Task<int> ApplyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync(connection, s_prepare, cancellationToken);
        await RunAsync(connection, Journal, cancellationToken);
        var applied = await ReadJournalAsync(connection, cancellationToken);
        CheckUnchanged(applied);

        var pending = scripts.Where(script => !applied.ContainsKey(script.Version)).ToArray();
        foreach (var script in pending)
        {
            LogApplying(logger, script.Name);
            await RunAsync(connection, script.Sql, cancellationToken);
            await RecordAsync(connection, script, cancellationToken);
        }

        if (role is not null)
        {
            await ServiceRoleGrant.ApplyAsync(connection, role, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return pending.Length;
    }

    private void CheckUnchanged(Dictionary<int, string> applied)
    {
        var changed = scripts
            .Where(script => applied.TryGetValue(script.Version, out var checksum) && checksum != script.Checksum)
            .ToArray();
        if (changed.Length > 0)
        {
            throw new MigrationException(
                $"{string.Join(", ", changed.Select(script => script.Name))} differ from what was applied to this database. "
                    + "Put the old text back and write the change as a new migration."
            );
        }
    }

    private static async Task<Dictionary<int, string>> ReadJournalAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT version, checksum FROM schema_migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        Dictionary<int, string> applied = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(reader.GetInt32(0), reader.GetString(1));
        }

        return applied;
    }

    private static async Task RecordAsync(NpgsqlConnection connection, MigrationScript script, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand(
            "INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)",
            script.Version,
            script.Name,
            script.Checksum
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Applying {Name}")]
    private static partial void LogApplying(ILogger logger, string name);
}
