using Npgsql;

namespace NeuroCred.Api.Postgres;

/// <summary>
/// Whether what this session sees is on the synchronous standby too. A commit whose wait for the standby was cut short (a timeout, an ended
/// connection, a restart of the primary) can be seen from then on, while the standby may lack it:
/// https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION-HA. A resent write that finds itself stored must not
/// be acknowledged before the standby has it.
/// </summary>
internal static class EarlierCommits
{
    // The standby receives commits in order, so a commit of this session waits for all earlier ones. Only one that logs something waits.
    private const string Commit = "SELECT pg_logical_emit_message(true, 'neurocred', '')";

    /// <summary>Returns when the standby has all that this session sees; in a transaction, when that is committed. Without a standby, at
    /// once.</summary>
    public static Task ConfirmAsync(NpgsqlConnection connection) => connection.ExecuteAsync(Commit);
}
