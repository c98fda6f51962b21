using NeuroCred.Api.Configuration;
using NeuroCred.Api.Migrations;
using Npgsql;

namespace NeuroCred.Api.Postgres;

/// <summary>What one server said.</summary>
/// <param name="Problem">Why it cannot serve, in words for an operator; null when it can.</param>
/// <param name="Timeline">Which history it writes: each promotion begins a higher one. 0 where it was not asked.</param>
/// <param name="Answered">Whether it is the server that said so, not the network.</param>
internal readonly record struct ServerAnswer(string? Problem, long Timeline = 0, bool Answered = true);

/// <summary>Asks one server whether it can serve, on a connection that is used for nothing else.</summary>
/// <param name="source">Where it is.</param>
/// <param name="onlyServer">Whether there is no other server, whose timeline could be higher.</param>
/// <param name="time">The clock.</param>
internal sealed class ServerProbe(NpgsqlDataSource source, bool onlyServer, TimeProvider time) : IDisposable
{
    private const string AskForSchema = "SELECT coalesce(max(version), 0) FROM schema_migrations";

    // A table of this schema, and a session that can write: a standby answers too, and a primary that takes no writes.
    private const string Ask = "SELECT current_setting('transaction_read_only') = 'off', pg_is_in_recovery(), '0' FROM score_cache_fence";

    // Servers that only speak Postgres's protocol may not know of a log and its timelines.
    private const string AskForTimeline = """
        SELECT current_setting('transaction_read_only') = 'off', pg_is_in_recovery(),
               CASE WHEN pg_is_in_recovery() THEN '0' ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END
        FROM score_cache_fence
        """;

    // Changes nothing, and fails in a session that cannot write.
    private const string Write = "UPDATE score_cache_fence SET epoch = epoch WHERE false";

    private static readonly int s_newest = MigrationScript.Embedded()[^1].Version;

    private NpgsqlConnection? _connection;
    private bool _hasSchema; // it never goes away again

    /// <summary>Asks, for <see cref="DatabaseDefaults.ProbeTimeout"/> at most.</summary>
    public async Task<ServerAnswer> AskAsync()
    {
        try
        {
            // Left to end by itself when it takes too long: after a timeout the driver still tries, for seconds, to reach a server that
            // does not answer.
            return await AskOnAnyConnectionAsync().WaitAsync(DatabaseDefaults.ProbeTimeout, time);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new(DatabaseFaults.Describe(e), Answered: false);
        }
    }

    /// <summary>Has the next question asked in a new session.</summary>
    public void Forget() => Interlocked.Exchange(ref _connection, null)?.Dispose();

    public void Dispose() => Forget();

    private async Task<ServerAnswer> AskOnAnyConnectionAsync()
    {
        for (var kept = Interlocked.Exchange(ref _connection, null); ; kept = null)
        {
            var connection = kept ?? await source.OpenConnectionAsync();
            try
            {
                var (answer, keep) = await AskAsync(connection);
                if (keep)
                {
                    connection = Interlocked.Exchange(ref _connection, connection);
                }

                return answer;
            }
            catch (Exception e) when (kept is not null && DatabaseFaults.IsWorthAnotherConnection(e))
            {
                // Only this connection was ended, perhaps.
            }
            finally
            {
                if (connection is not null)
                {
                    await connection.DisposeAsync();
                }
            }
        }
    }

    private async Task<(ServerAnswer Answer, bool Keep)> AskAsync(NpgsqlConnection connection)
    {
        if (!_hasSchema)
        {
            await using var schema = new NpgsqlCommand(AskForSchema, connection);
            if (Convert.ToInt32(await schema.ExecuteScalarAsync()) is var version && version < s_newest)
            {
                return (new($"the schema has version {version}, and {s_newest} is needed: waiting for the migration"), false);
            }

            _hasSchema = true;
        }

        var (writable, standby, timeline) = await ReadStateAsync(connection);
        var problem =
            writable ? null
            : standby ? "it is a standby"
            : await FindRefusalAsync(connection);
        // A standby's session can write as soon as it is promoted. Whether a primary's can may be decided when it begins.
        return (new(problem, timeline), writable || standby);
    }

    private static async Task<string?> FindRefusalAsync(NpgsqlConnection connection)
    {
        try
        {
            await connection.ExecuteAsync(Write);
            return null; // it can since the question
        }
        catch (PostgresException e) when (DatabaseFaults.IsRefusal(e))
        {
            return $"Postgres is read-only: {DatabaseFaults.Describe(e)}";
        }
    }

    private async Task<(bool Writable, bool Standby, long Timeline)> ReadStateAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(onlyServer ? Ask : AskForTimeline, connection);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? (reader.GetBoolean(0), reader.GetBoolean(1), Convert.ToInt64(reader.GetString(2), 16))
            : (true, false, 0);
    }
}
