using Npgsql;

namespace NeuroCred.Api.Postgres;

/// <summary>
/// The servers of a connection string, each with connections of its own; most have one. Which of several is the primary is found by
/// <see cref="DatabaseCircuit"/>: the driver, which can find it too, asks a lost server anew for each connection, and waits for it if that
/// is silent.
/// </summary>
internal sealed class DatabaseServers : IDisposable
{
    /// <param name="connectionString">Where they are.</param>
    /// <param name="name">What their connections are for: Npgsql's metrics and spans would show the connection string in its place.</param>
    /// <param name="change">Changes the settings of these connections; null for no change.</param>
    /// <param name="loggers">For Npgsql's log; null for none.</param>
    public DatabaseServers(
        string connectionString,
        string name,
        Action<NpgsqlConnectionStringBuilder>? change = null,
        ILoggerFactory? loggers = null
    )
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString) { TargetSessionAttributes = null };
        change?.Invoke(given);
        var hosts = (given.Host ?? "").Split(',', StringSplitOptions.TrimEntries);
        Names = hosts;
        All =
        [
            .. hosts.Select(host =>
                new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(given.ConnectionString) { Host = host }.ConnectionString)
                {
                    Name = hosts.Length == 1 ? name : $"{name} {host}",
                }
                    .UseLoggerFactory(loggers)
                    .Build()
            ),
        ];
    }

    /// <summary>The hosts, for an operator.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The connections to each, in the same order.</summary>
    public IReadOnlyList<NpgsqlDataSource> All { get; }

    public void Dispose()
    {
        foreach (var server in All)
        {
            server.Dispose();
        }
    }
}
