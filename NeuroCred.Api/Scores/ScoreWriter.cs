using System.Security.Cryptography;
using System.Text;
using NeuroCred.Api.Configuration;
using NeuroCred.Api.Idempotency;
using NeuroCred.Api.Live;
using NeuroCred.Api.Postgres;
using NeuroCred.Api.Scoring;
using NeuroCred.Api.Security;
using NeuroCred.Api.Telemetry;
using NeuroCred.Api.Wallets;
using Npgsql;

namespace NeuroCred.Api.Scores;

/// <summary>How a request for a new score ended.</summary>
internal enum ScoreOutcome
{
    Computed,
    Replayed,
    OtherPayload,
    StillRunning,
    WalletBusy,
}

/// <param name="Outcome">How it ended.</param>
/// <param name="Body">The answer's body, byte for byte the same for every resend of a key; null unless computed or replayed.</param>
/// <param name="KeyExpiresAt">Until when the key is remembered.</param>
internal sealed record ScoreResult(ScoreOutcome Outcome, string? Body = null, DateTime KeyExpiresAt = default);

/// <summary>
/// Computes scores, each exactly once per idempotency key: the key, the score and its place in the history are one transaction.
/// The key's lock makes a duplicate wait for the first and then replay it; the wallet's lock makes scores of a wallet follow one another.
/// Within this replica both wait for the wallet's turn first, without a connection: a duplicate that waits for it in vain is told that the
/// wallet is busy (503), not that its key is (409). Either way it did nothing, and is to be sent again with its key.
/// </summary>
internal sealed class ScoreWriter(
    Database database,
    WalletTurns turns,
    IScoreCache cache,
    ScoreAnnouncer announcer,
    ApiOptions options,
    TimeProvider time
)
{
    public async Task<ScoreResult> ComputeAsync(ApiClient client, WalletAddress address, string key)
    {
        var result = await ComputeAsync(client, address, key, isRehearsal: false);
        ApiTelemetry.Count(result.Outcome);
        if (result.Outcome == ScoreOutcome.StillRunning)
        {
            ApiTelemetry.CountIdempotencyWait(replayed: false);
        }

        return result;
    }

    /// <summary>Does the same, except that it leaves the cache alone, and rolls back: nothing is stored, counted or announced.</summary>
    public Task RehearseAsync(ApiClient client, WalletAddress address) =>
        ComputeAsync(client, address, $"{Guid.NewGuid()}", isRehearsal: true);

    private async Task<ScoreResult> ComputeAsync(ApiClient client, WalletAddress address, string key, bool isRehearsal)
    {
        var requestHash = SHA256.HashData(Encoding.UTF8.GetBytes("POST /api/score " + address.Lower));
        using var turn = await turns.TakeAsync(address);
        if (turn is null)
        {
            return new(ScoreOutcome.WalletBusy);
        }

        try
        {
            return await database.RunAsync(
                async connection =>
                    await ReplayAsync(connection, client, key, requestHash)
                    ?? await ComputeAsync(connection, client, address, key, requestHash, isRehearsal),
                turn.Left
            );
        }
        catch (PostgresException e) when (DatabaseFaults.IsLockTimeout(e))
        {
            return new(IdempotencyStore.IsLock(e.BatchCommand) ? ScoreOutcome.StillRunning : ScoreOutcome.WalletBusy);
        }
    }

    // Before the locks too: most duplicates find their answer here, and a frozen Postgres is noticed by a command with a short timeout.
    private async Task<ScoreResult?> ReplayAsync(NpgsqlConnection connection, ApiClient client, string key, byte[] requestHash)
    {
        var stored = await IdempotencyStore.FindAsync(connection, client.IdempotencyScope, key, Now());
        if (stored is null)
        {
            return null;
        }

        if (!stored.RequestHash.AsSpan().SequenceEqual(requestHash))
        {
            return new(ScoreOutcome.OtherPayload);
        }

        await EarlierCommits.ConfirmAsync(connection);
        return new(ScoreOutcome.Replayed, stored.Body, stored.ExpiresAt);
    }

    private async Task<ScoreResult> ComputeAsync(
        NpgsqlConnection connection,
        ApiClient client,
        WalletAddress address,
        string key,
        byte[] requestHash,
        bool isRehearsal
    )
    {
        await using var transaction = await connection.BeginTransactionAsync();
        var previous = await LockAsync(connection, client, address, key);
        if (await ReplayAsync(connection, client, key, requestHash) is { } replayed)
        {
            await transaction.CommitAsync();
            ApiTelemetry.CountIdempotencyWait(replayed: true);
            return replayed;
        }

        var features = await WalletActivity.ReadAsync(connection, address);
        var now = Now();
        var answer = ScoreAnswer.After(previous, address, Scorecard.Assess(features), now);
        var body = ScoreJson.Of(answer).Text;
        var stored = new StoredAnswer(requestHash, body, now + options.KeyRetention);

        await using (
            var write = new NpgsqlBatch(connection, transaction)
            {
                BatchCommands =
                {
                    ScoreHistory.Append(address, answer, client.Name),
                    IdempotencyStore.Add(client.IdempotencyScope, key, stored, now),
                },
            }
        )
        {
            await write.ExecuteNonQueryAsync();
        }

        var result = new ScoreResult(ScoreOutcome.Computed, body, stored.ExpiresAt);
        if (isRehearsal)
        {
            return result;
        }

        await cache.RemoveAsync(connection, address);
        await transaction.CommitAsync();
        announcer.Announce(address, answer.Sequence);
        ApiTelemetry.CountComputed(answer.RiskBand);
        return result;
    }

    // Answers the wallet's newest score. Its statement's snapshot is taken after the one before it got the lock, so it is the newest until
    // this transaction ends.
    private static async Task<ScoreAnswer?> LockAsync(NpgsqlConnection connection, ApiClient client, WalletAddress address, string key)
    {
        await using var locks = new NpgsqlBatch(connection)
        {
            BatchCommands = { IdempotencyStore.Lock(client.IdempotencyScope, key), WalletLock.Take(address), ScoreHistory.Newest(address) },
            Timeout = DatabaseDefaults.LockingCommandTimeout,
        };
        await using var reader = await locks.ExecuteReaderAsync();
        await reader.NextResultAsync();
        await reader.NextResultAsync();
        return await ScoreHistory.ReadOneAsync(reader, address);
    }

    // Whole milliseconds: the answer, the row and the cache then show the same time.
    private DateTime Now()
    {
        var now = time.GetUtcNow().UtcDateTime;
        return new(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc);
    }
}
