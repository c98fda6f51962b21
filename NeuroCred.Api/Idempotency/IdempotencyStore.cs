using NeuroCred.Api.Postgres;
using Npgsql;

namespace NeuroCred.Api.Idempotency;

/// <summary>A key's stored request and answer.</summary>
internal sealed record StoredAnswer(byte[] RequestHash, string Body, DateTime ExpiresAt);

/// <summary>
/// Idempotency keys in Postgres, per client. A row appears together with what its request did, when the transaction commits, and never
/// without an answer: there is no marker for "in progress" that a killed replica could leave behind. Who comes second waits on the
/// lock instead, and the server drops the lock of a connection that broke.
/// </summary>
internal static class IdempotencyStore
{
    // Locks of this class are always taken before those of wallets (WalletLock), so that the two cannot deadlock.
    private const int LockClass = 1;

    private const string Select =
        "SELECT request_hash, body, expires_at FROM idempotency_keys WHERE client = $1 AND key = $2 AND expires_at > $3";

    // An expired row under the same key is replaced; Purge may not have come to it yet.
    private const string Insert = """
        INSERT INTO idempotency_keys (client, key, request_hash, body, expires_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (client, key) DO UPDATE
        SET request_hash = excluded.request_hash, body = excluded.body, expires_at = excluded.expires_at
        WHERE idempotency_keys.expires_at <= $6
        """;

    public static NpgsqlBatchCommand Lock(byte[] client, string key) =>
        SqlCommands.Batched("SELECT pg_advisory_xact_lock($1, hashtext($2))", LockClass, Convert.ToHexString(client) + key);

    /// <summary>Whether a command is one of <see cref="Lock"/>.</summary>
    public static bool IsLock(NpgsqlBatchCommand? command) => command is { Parameters: [{ Value: LockClass }, ..] };

    public static async Task<StoredAnswer?> FindAsync(NpgsqlConnection connection, byte[] client, string key, DateTime now)
    {
        await using var command = connection.CreateCommand(Select, client, key, now);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? new(reader.GetFieldValue<byte[]>(0), reader.GetString(1), reader.GetDateTime(2)) : null;
    }

    public static NpgsqlBatchCommand Add(byte[] client, string key, StoredAnswer answer, DateTime now) =>
        SqlCommands.Batched(Insert, client, key, answer.RequestHash, answer.Body, answer.ExpiresAt, now);
}
