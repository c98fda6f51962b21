using System.Data.Common;
using Npgsql;

namespace NeuroCred.Api.Configuration;

/// <summary>
/// Every limit on the way to Postgres, and what a connection string gets unless it says otherwise. A request passes the request queue
/// (<see cref="ConcurrentRequests"/>); a write takes its wallet's turn; what then needs Postgres shares <see cref="PoolSize"/> connections,
/// oldest first.
/// </summary>
internal static class DatabaseDefaults
{
    /// <summary>How many requests are worked on at once, where <c>Api:MaxConcurrentRequests</c> does not say.</summary>
    public const int ConcurrentRequests = 256;

    /// <summary>How many wait at most: more than the database serves within the seconds that a gateway waits.</summary>
    public const int QueuedRequests = 1024;

    /// <summary>
    /// Connections for requests, where neither the connection string nor <c>Postgres:PoolSize</c> says how many. Each replica has 2 more,
    /// for the circuit and for the cache, so that a full pool stops neither. 8 replicas take 96 of Postgres's default 100; with
    /// more set <c>Postgres:PoolSize</c> lower, as the AppHost does, or raise max_connections.
    /// </summary>
    public const int PoolSize = 10;

    /// <summary>
    /// How long a request waits for one of them, and for a new one to open, in seconds: longer than a hung replica can keep a wallet's
    /// lock. A Postgres that does not answer is noticed by the circuit long before.
    /// </summary>
    public const int ConnectionTimeout = 2;

    /// <summary>How many statements each connection keeps prepared, after their fifth use.</summary>
    public const int PreparedStatements = 50;

    /// <summary>How long the client waits for a statement, in seconds, and for one that may wait for two locks.</summary>
    public const int CommandTimeout = 2,
        LockingCommandTimeout = 4;

    /// <summary>How long a request that only reads may take in all, and one that may wait for locks.</summary>
    public static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(CommandTimeout),
        WriteLimit = TimeSpan.FromSeconds(LockingCommandTimeout);

    /// <summary>How long a statement waits for a lock, and a request for its wallet's turn: both locks of a score fit
    /// <see cref="WriteLimit"/>.</summary>
    public static readonly TimeSpan LockTimeout = TimeSpan.FromMilliseconds(1900);

    /// <summary>How long a read waits for the cache's fence, before it does without the cache, and how long for the cache to take its
    /// answer, which it has.</summary>
    public static readonly TimeSpan FenceLimit = TimeSpan.FromMilliseconds(500),
        FillLimit = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the circuit's own connection waits to open, and for an answer, in seconds, the least that the driver knows: its
    /// questions end by <see cref="ProbeTimeout"/>.</summary>
    public const int ProbeConnectionTimeout = 1;

    /// <summary>
    /// How often the circuit asks whether Postgres serves, and how long it waits for the answer: together a second, within which a Postgres
    /// that fell silent is noticed. <see cref="TrialInterval"/>: how often it asks while Postgres does not serve.
    /// </summary>
    public static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(250),
        ProbeTimeout = TimeSpan.FromMilliseconds(750),
        TrialInterval = TimeSpan.FromMilliseconds(100);

    // By the server's own clock: a frozen replica's statement ends as well, and one that hangs in the middle of a transaction keeps no
    // locks.
    private const int StatementMilliseconds = 5000,
        IdleInTransactionMilliseconds = 1000;
    private static readonly string s_serverLimits =
        $"-c statement_timeout={StatementMilliseconds} -c lock_timeout={LockTimeout.TotalMilliseconds} "
        + $"-c idle_in_transaction_session_timeout={IdleInTransactionMilliseconds}";

    /// <summary>A connection string with these defaults filled in. With several hosts it always asks for the one that can write.</summary>
    /// <exception cref="NotSupportedException">It asks for sessions that may not be able to write, or has a host without a name. The
    /// message holds no secret.</exception>
    public static string Complete(string connectionString, int poolSize = PoolSize)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        bool Unset(params string[] names) => !names.Any(given.ContainsKey);

        builder.MaxPoolSize = Unset("Maximum Pool Size", "MaxPoolSize") ? poolSize : builder.MaxPoolSize;
        builder.Timeout = Unset("Timeout") ? ConnectionTimeout : builder.Timeout;
        builder.CommandTimeout = Unset("Command Timeout", "CommandTimeout") ? CommandTimeout : builder.CommandTimeout;
        // A command that ran out of time ends with its connection. The driver still asks the server to cancel it (see the project file for
        // what that takes when the server is frozen), but does not wait for the effect.
        builder.CancellationTimeout = Unset("Cancellation Timeout", "CancellationTimeout") ? -1 : builder.CancellationTimeout;
        // Kerberos, which is asked for first by default: in an image without its library that is an error on the console at each start.
        builder.GssEncryptionMode = Unset("GSS Encryption Mode", "GssEncryptionMode")
            ? GssEncryptionMode.Disable
            : builder.GssEncryptionMode;
        // Neither parsing and planning each statement anew, nor resetting sessions in which the Api leaves nothing (its locks and settings
        // are of transactions), halves what Postgres spends on a request: docs/benchmarks.md.
        builder.MaxAutoPrepare = Unset("Max Auto Prepare", "MaxAutoPrepare") ? PreparedStatements : builder.MaxAutoPrepare;
        builder.NoResetOnClose = Unset("No Reset On Close", "NoResetOnClose") || builder.NoResetOnClose;
        builder.IncludeFailedBatchedCommand = true; // tells which of two locks was not given
        builder.Options = Unset("Options") ? s_serverLimits : builder.Options;
        builder.ApplicationName = Unset("Application Name", "ApplicationName") ? "NeuroCred.Api" : builder.ApplicationName;
        var hosts = (builder.Host ?? "").Split(',', StringSplitOptions.TrimEntries);
        if (hosts.Length > 1 && hosts.Contains(""))
        {
            throw new NotSupportedException("has a host without a name: a comma too many.");
        }

        builder.TargetSessionAttributes = builder.TargetSessionAttributes is null or "primary" or "read-write"
            ? hosts.Length > 1
                ? "read-write"
                : null
            : throw new NotSupportedException(
                "asks for sessions that may not be able to write. Set Target Session Attributes (in a URL: target_session_attrs) to "
                    + "primary or read-write, or leave it out: of several hosts the primary is used either way."
            );
        // Of the driver's own choice of a host, which only the migration leaves to it: for how long a host counts as lost or as a standby.
        builder.HostRecheckSeconds = Unset("Host Recheck Seconds", "HostRecheckSeconds") ? 1 : builder.HostRecheckSeconds;
        return builder.ConnectionString;
    }
}
