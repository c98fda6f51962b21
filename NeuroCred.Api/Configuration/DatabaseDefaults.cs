using System.Data.Common;
using Npgsql;

namespace NeuroCred.Api.Configuration;

/// <summary>
/// What a connection string gets unless it says otherwise. All limits are short, so that a dead Postgres costs a request about a second.
/// <list type="bullet">
/// <item>Connection budget: 10 for requests plus 2 per replica, for the circuit and for the cache's fence: a full pool stops neither. 8 replicas take 96 of Postgres's
/// default 100; with more set <c>Postgres:PoolSize</c> lower, as the AppHost does, or raise max_connections.</item>
/// <item>Waiting for a free connection, or for a new one: 2 s, longer than a hung replica can keep a wallet's lock, behind which the requests of that
/// wallet pile up. A server that does not answer is noticed by the circuit long before. A command: 2 s. A lock: 1.9 s, so that both locks of a score fit <see cref="WriteLimit"/>. A statement: 5 s, by the server's
/// own clock, so that a frozen replica's statement ends as well.</item>
/// <item>An idle open transaction ends after 1 s: a replica that hangs in the middle of one must not keep its locks.</item>
/// </list>
/// </summary>
internal static class DatabaseDefaults
{
    /// <summary>Connections for requests, where neither the connection string nor <c>Postgres:PoolSize</c> says how many.</summary>
    public const int PoolSize = 10;

    /// <summary>Client-side limit for a statement that may wait for a lock, in seconds: above lock_timeout.</summary>
    public const int LockingCommandTimeout = 4;

    /// <summary>How long a request that only reads may take, and one that may wait for locks.</summary>
    public static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(2), WriteLimit = TimeSpan.FromSeconds(LockingCommandTimeout);

    /// <summary>
    /// How often the circuit asks whether Postgres serves, and how long it waits for the answer: together a second, within which a Postgres that
    /// fell silent is noticed. <see cref="TrialInterval"/>: how often it asks while Postgres does not serve.
    /// </summary>
    public static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(250), ProbeTimeout = TimeSpan.FromMilliseconds(750),
        TrialInterval = TimeSpan.FromMilliseconds(100);

    private const string ServerLimits = "-c statement_timeout=5000 -c lock_timeout=1900 -c idle_in_transaction_session_timeout=1000";

    public static string Complete(string connectionString, int poolSize = PoolSize)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        bool Unset(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                if (given.ContainsKey(name))
                {
                    return false;
                }
            }
            return true;
        }

        builder.MaxPoolSize = Unset("Maximum Pool Size", "MaxPoolSize") ? poolSize : builder.MaxPoolSize;
        builder.Timeout = Unset("Timeout") ? 2 : builder.Timeout;
        builder.CommandTimeout = Unset("Command Timeout", "CommandTimeout") ? 2 : builder.CommandTimeout;
        // A command that ran out of time ends with its connection. The driver still asks the server to cancel it (see the project file for
        // what that takes when the server is frozen), but does not wait for the effect.
        builder.CancellationTimeout = Unset("Cancellation Timeout", "CancellationTimeout") ? -1 : builder.CancellationTimeout;
        // Kerberos, which is asked for first by default: in an image without its library that is an error on the console at each start.
        builder.GssEncryptionMode = Unset("GSS Encryption Mode", "GssEncryptionMode") ? GssEncryptionMode.Disable : builder.GssEncryptionMode;
        builder.Options = Unset("Options") ? ServerLimits : builder.Options;
        builder.ApplicationName = Unset("Application Name", "ApplicationName") ? "NeuroCred.Api" : builder.ApplicationName;
        return builder.ConnectionString;
    }
}
