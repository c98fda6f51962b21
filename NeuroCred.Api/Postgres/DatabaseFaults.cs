using Npgsql;

namespace NeuroCred.Api.Postgres;

/// <summary>What an exception of the database says about the database.</summary>
internal static class DatabaseFaults
{
    /// <summary>The connection is gone, or the server chose this transaction to end, or cannot write; another attempt may well
    /// succeed.</summary>
    public static bool IsWorthAnotherConnection(Exception exception) =>
        exception switch
        {
            PostgresException e => e.SqlState
                is PostgresErrorCodes.AdminShutdown
                    or PostgresErrorCodes.CrashShutdown
                    or IdleInTransactionTimeout
                    or PostgresErrorCodes.DeadlockDetected
                    or PostgresErrorCodes.SerializationFailure
                || e.SqlState.StartsWith("08", StringComparison.Ordinal)
                || IsOfEveryConnection(e),
            // Not after a timeout: a frozen server would make the request wait for it twice.
            NpgsqlException { InnerException: not TimeoutException } e => e.IsTransient,
            _ => false,
        };

    /// <summary>
    /// Every pooled connection would fail as this one did: the server takes no writes any more; or a statement that was prepared (SQLSTATE
    /// 0A000, "cached plan must not change result type") is older than a migration that changed a column it reads.
    /// </summary>
    public static bool IsOfEveryConnection(PostgresException exception) =>
        exception.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.FeatureNotSupported;

    /// <summary>The server carries out no write, or not every one: it is read-only, its disk is full, it has no memory, or its disk
    /// fails.</summary>
    public static bool IsRefusal(PostgresException exception) =>
        exception.SqlState
            is PostgresErrorCodes.ReadOnlySqlTransaction
                or PostgresErrorCodes.DiskFull
                or PostgresErrorCodes.OutOfMemory
                or PostgresErrorCodes.IoError;

    /// <summary>The database cannot serve now, or is not set up; no fault of the request's, and none of this code's.</summary>
    public static bool IsUnavailable(Exception exception) =>
        exception switch
        {
            PostgresException e => IsUnavailable(e.SqlState),
            NpgsqlException => true,
            TimeoutException or DatabaseUnreachableException => true,
            _ => false,
        };

    /// <summary>A lock was not given within lock_timeout, or the statement that waited for it ran out of time.</summary>
    public static bool IsLockTimeout(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    /// <summary>The reason in words for an operator; never the connection string.</summary>
    public static string Describe(Exception exception) =>
        exception switch
        {
            PostgresException e => $"{e.SqlState} {e.MessageText}",
            { InnerException: { } inner } => inner.Message,
            _ => exception.Message,
        };

    private const string IdleInTransactionTimeout = "25P03";

    // By class, https://www.postgresql.org/docs/current/errcodes-appendix.html: connection, authorization, no such database, invalid
    // transaction state (read-only standby, idle timeout), transaction rollback, resources, operator intervention, system, no such table or
    // column, a statement that was prepared before a migration.
    private static bool IsUnavailable(string state) =>
        state[..2] is "08" or "28" or "3D" or "25" or "40" or "53" or "55" or "57" or "58"
        || state is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.FeatureNotSupported;
}
