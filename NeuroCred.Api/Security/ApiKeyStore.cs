using System.Security.Cryptography;
using NeuroCred.Api.Postgres;
using Npgsql;

namespace NeuroCred.Api.Security;

/// <summary>A stored key, for operators.</summary>
/// <param name="Id">Its public name.</param>
/// <param name="Client">The name of its client.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Configured">Whether it is, or was, the <c>Api:Key</c> of replicas.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="ExpiresAt">When it ends, or ended (UTC); null for never.</param>
/// <param name="RevokedAt">When it was revoked (UTC), or null.</param>
/// <param name="IsValid">Whether it is neither revoked nor expired.</param>
internal sealed record StoredApiKey(
    string Id,
    string Client,
    Scopes Scopes,
    bool Configured,
    DateTime CreatedAt,
    DateTime? ExpiresAt,
    DateTime? RevokedAt,
    bool IsValid
);

/// <summary>API keys and their clients in Postgres, whose clock alone decides when a key ends.</summary>
internal static class ApiKeyStore
{
    /// <summary>The client of every <c>Api:Key</c>.</summary>
    public const string DefaultClient = "default";

    /// <summary>How long a configured key is valid after the last replica that has it renewed it.</summary>
    public static readonly TimeSpan ConfiguredLifetime = TimeSpan.FromHours(24);

    private const string Valid = "(revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()))";

    private const string SelectValid =
        $"SELECT id, hash, scopes, client, idempotency_scope FROM api_keys JOIN clients ON clients.name = client WHERE {Valid}";

    private const string SelectAll =
        $"SELECT id, client, scopes, configured, api_keys.created_at, expires_at, revoked_at, {Valid} FROM api_keys";

    // Replicas of the version before this one know no clients: their idempotency keys are stored under the hash of their Api:Key.
    private const string AddDefaultClient =
        $"INSERT INTO clients (name, idempotency_scope) VALUES ('{DefaultClient}', $1) ON CONFLICT (name) DO NOTHING";

    // A key that was made by a command stays what it is, also when a replica is configured with it.
    private const string RenewConfigured = $"""
        INSERT INTO api_keys (id, client, hash, scopes, configured, expires_at)
        VALUES ($1, '{DefaultClient}', $2, $3, true, now() + $4)
        ON CONFLICT (hash) DO UPDATE SET expires_at = excluded.expires_at
        WHERE api_keys.configured AND api_keys.revoked_at IS NULL
        """;

    private const string AddClient = "INSERT INTO clients (name, idempotency_scope) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";

    private const string AddKey = "INSERT INTO api_keys (id, client, hash, scopes) VALUES ($1, $2, $3, $4)";

    /// <summary>Makes the configured key known to all replicas, or renews it. Several replicas may do so at once.</summary>
    public static async Task RenewConfiguredAsync(NpgsqlConnection connection, byte[] hash, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                SqlCommands.Batched(AddDefaultClient, hash),
                SqlCommands.Batched(RenewConfigured, NewId(), hash, Scopes.All.ToNames(), ConfiguredLifetime),
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The valid keys, each with its hash in hexadecimal digits.</summary>
    public static async Task<List<(string Hash, ApiKey Key)>> ReadValidAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(SelectValid, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<(string, ApiKey)> keys = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            var client = new ApiClient(reader.GetString(3), reader.GetFieldValue<byte[]>(4));
            keys.Add(
                (
                    Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(1)),
                    new(reader.GetString(0), client, ReadScopes(reader.GetFieldValue<string[]>(2)))
                )
            );
        }

        return keys;
    }

    /// <summary>All keys, those of a client together, the oldest first.</summary>
    public static async Task<List<StoredApiKey>> ListAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"{SelectAll} ORDER BY client, created_at, id", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<StoredApiKey> keys = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add(Read(reader));
        }

        return keys;
    }

    /// <summary>One key, locked until the transaction ends; null if there is none.</summary>
    public static async Task<StoredApiKey?> FindAsync(NpgsqlConnection connection, string id, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand($"{SelectAll} WHERE id = $1 FOR UPDATE", id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    public static async Task<bool> HasClientAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand("SELECT 1 FROM clients WHERE name = $1", name);
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    public static async Task<long> CountValidAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM api_keys WHERE {Valid}", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Makes a key, and its client if there is none of that name.</summary>
    /// <returns>Its id, and the key itself, which is stored nowhere.</returns>
    public static async Task<(string Id, string Key)> CreateAsync(
        NpgsqlConnection connection,
        string client,
        Scopes scopes,
        CancellationToken cancellationToken
    )
    {
        var id = NewId();
        var key = $"nc_{id}_{RandomNumberGenerator.GetHexString(48, lowercase: true)}"; // 192 bits
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                SqlCommands.Batched(AddClient, client, RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes)),
                SqlCommands.Batched(AddKey, id, client, ApiKey.Hash(key), scopes.ToNames()),
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return (id, key);
    }

    /// <summary>Has a key end after a time, or before that if it would anyway.</summary>
    /// <returns>When it ends (UTC).</returns>
    public static async Task<DateTime> ExpireAsync(
        NpgsqlConnection connection,
        string id,
        TimeSpan after,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.CreateCommand(
            "UPDATE api_keys SET expires_at = least(expires_at, now() + $2) WHERE id = $1 RETURNING expires_at",
            id,
            after
        );
        return (DateTime)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public static async Task RevokeAsync(NpgsqlConnection connection, string id, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand("UPDATE api_keys SET revoked_at = now() WHERE id = $1", id);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string NewId() => RandomNumberGenerator.GetHexString(12, lowercase: true);

    private static StoredApiKey Read(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetString(1),
            ReadScopes(row.GetFieldValue<string[]>(2)),
            row.GetBoolean(3),
            row.GetDateTime(4),
            row.IsDBNull(5) ? null : row.GetDateTime(5),
            row.IsDBNull(6) ? null : row.GetDateTime(6),
            row.GetBoolean(7)
        );

    // The schema allows no others. One of a later version's opens nothing here.
    private static Scopes ReadScopes(string[] names) => ScopeNames.TryParse(names, out var scopes) ? scopes.Value : Scopes.None;
}
