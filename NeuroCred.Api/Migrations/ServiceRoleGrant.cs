using System.Security.Cryptography;
using System.Text;
using NeuroCred.Api.Configuration;
using NeuroCred.Api.Postgres;
using Npgsql;

namespace NeuroCred.Api.Migrations;

/// <summary>
/// Makes the role that requests are served with, and gives it what serving needs: rows, and nothing of the schema. It is done again with
/// every migration, which makes new tables and may bring a new password.
/// </summary>
internal static class ServiceRoleGrant
{
    private const int Iterations = 4096; // as Postgres's own: https://www.postgresql.org/docs/current/runtime-config-connection.html

    // The table of migrations tells replicas whether the schema is new enough; they need not write it.
    private const string Statements = """
        SELECT statement FROM (VALUES
            (1, CASE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = $1) THEN 'ALTER' ELSE 'CREATE' END
                || format(' ROLE %I LOGIN PASSWORD %L', $1, $2)),
            (2, format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), $1)),
            (3, format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), $1)),
            (4, format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', current_schema(), $1)),
            (5, format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA %I TO %I', current_schema(), $1)),
            (6, format('REVOKE INSERT, UPDATE, DELETE ON schema_migrations FROM %I', $1))
        ) AS statements (place, statement) ORDER BY place
        """;

    /// <summary>Does it in the connection's transaction.</summary>
    /// <exception cref="MigrationException">The owner is that role itself, or may not make or change it.</exception>
    public static async Task ApplyAsync(NpgsqlConnection connection, ServiceRole role, CancellationToken cancellationToken)
    {
        await using var who = connection.CreateCommand("SELECT current_user = $1", role.Name);
        if (await who.ExecuteScalarAsync(cancellationToken) is true)
        {
            throw new MigrationException(
                $"Postgres:User is '{role.Name}', which is the role of ConnectionStrings:neurocred too. Give migrate the connection string "
                    + "of the role that owns the schema, or leave Postgres:User and Postgres:Password out."
            );
        }

        try
        {
            foreach (var statement in await ReadStatementsAsync(connection, role, cancellationToken))
            {
                await using var command = new NpgsqlCommand(statement, connection);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new MigrationException(
                $"The role of ConnectionStrings:neurocred may not make the role '{role.Name}' of Postgres:User, or give it its rights "
                    + $"({e.MessageText}). Give it CREATEROLE and the tables, or leave Postgres:User and Postgres:Password out."
            );
        }
    }

    private static async Task<List<string>> ReadStatementsAsync(
        NpgsqlConnection connection,
        ServiceRole role,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.CreateCommand(Statements, role.Name, Verifier(role.Password));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<string> statements = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            statements.Add(reader.GetString(0));
        }

        return statements;
    }

    // What the server would compute and store, so that the password itself stands in no log of statements:
    // https://www.postgresql.org/docs/current/catalog-pg-authid.html, RFC 5803. NFKC is what the driver does with a password.
    private static string Verifier(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC)),
            salt,
            Iterations,
            HashAlgorithmName.SHA256,
            SHA256.HashSizeInBytes
        );
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}"
            + $"${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}";
    }
}
