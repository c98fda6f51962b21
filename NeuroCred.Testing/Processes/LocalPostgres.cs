using System.Diagnostics;
using CliWrap;
using NeuroCred.Processes;
using Npgsql;

namespace NeuroCred.Testing.Processes;

/// <summary>A PostgreSQL of this machine's programs, on a free port, with throw-away data, and a standby if one is wanted.</summary>
public class LocalPostgres : IAsyncDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("neurocred-postgres-").FullName;
    private ChildProcess? _server;

    /// <summary>The folder of the newest PostgreSQL's programs.</summary>
    public static string Programs { get; } =
        Directory.GetDirectories("/usr/lib/postgresql").MaxBy(version => double.Parse(Path.GetFileName(version))) + "/bin";

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; } = LocalPort.FindFree();

    /// <summary>How a superuser connects, without a pool.</summary>
    public string ConnectionString => ConnectionStringOn(Port);

    /// <summary>The same, by another port that leads to the server.</summary>
    public static string ConnectionStringOn(int port) => $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Pooling=false";

    /// <summary>How replicas connect to whichever of two servers is the primary.</summary>
    public static string ConnectionStringOfPrimary(int first, int second) =>
        $"Host=127.0.0.1:{first},127.0.0.1:{second};Username=postgres;Database=postgres;Target Session Attributes=primary";

    /// <summary>Makes its data and starts it, without a schema.</summary>
    public async Task CreateAsync()
    {
        await CreateDataAsync("initdb", "--username=postgres", "--auth=trust", "--no-sync", "--pgdata=data");
        await StartAsync();
    }

    /// <summary>
    /// Starts a standby of it, and has it acknowledge no commit that the standby has not stored. The standby itself, once it is promoted,
    /// wants none: whoever promotes a standby sets it up like that, or no write would ever succeed again.
    /// </summary>
    public async Task<LocalPostgres> StartSynchronousStandbyAsync()
    {
        var standby = new LocalPostgres();
        var connection = $"host=127.0.0.1 port={Port} user=postgres application_name=standby";
        await standby.CreateDataAsync(
            "pg_basebackup",
            "--dbname",
            connection,
            "--pgdata=data",
            "--write-recovery-conf",
            "--checkpoint=fast",
            "--no-sync"
        );
        await standby.StartAsync();
        await RunAsync("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        await RunAsync("SELECT pg_reload_conf()");
        for (
            var waited = Stopwatch.StartNew();
            await RunAsync("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'") is not 1L;
            await Task.Delay(50)
        )
        {
            if (waited.Elapsed > s_timeout)
            {
                throw new TimeoutException("The standby does not follow.");
            }
        }

        return standby;
    }

    /// <summary>Makes a primary of a standby.</summary>
    public async Task PromoteAsync()
    {
        if (await RunAsync("SELECT pg_promote()") is not true)
        {
            throw new InvalidOperationException("The standby was not promoted.");
        }
    }

    /// <summary>Kills all its processes at once, as a machine that fails does.</summary>
    public async Task KillAsync()
    {
        await _server!.DisposeAsync();
        _server = null;
    }

    /// <summary>Starts it, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        _server = Start("postgres", "-D", "data", "-h", "127.0.0.1", "-p", Port.ToString(), "-k", _folder, "-c", "fsync=off");
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            try
            {
                await RunAsync("SELECT 1");
                return;
            }
            catch (NpgsqlException) when (waited.Elapsed < s_timeout)
            {
                // Not yet.
            }
        }
    }

    /// <summary>Stops it as an operator does: every connection ends at once.</summary>
    public async Task StopAsync()
    {
        if (_server is { } server)
        {
            await server.EndAsync(UnixSignal.Interrupt);
            await server.DisposeAsync();
            _server = null;
        }
    }

    /// <summary>Stops all its processes with SIGSTOP: connections are made by the kernel, and nothing answers.</summary>
    public void Freeze() => ResourceProcess.Find(_server!.Id)!.Suspend();

    /// <summary>Has them go on.</summary>
    public void Thaw() => ResourceProcess.Find(_server!.Id)!.Continue();

    /// <summary>Runs a statement on a connection of its own.</summary>
    public async Task<object?> RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private async Task CreateDataAsync(string program, params string[] arguments)
    {
        if (Environment.UserName == "root")
        {
            await Tool.RunAsync("chown", "postgres:postgres", _folder);
        }

        await using var creation = Start(program, arguments);
        if (await creation.WaitForEndAsync() is not 0 and var code)
        {
            throw new InvalidOperationException($"{program} exited with {code}: {creation.Output}");
        }
    }

    // Postgres refuses to run as root. setpriv becomes the program, so that its process is the server's.
    private ChildProcess Start(string program, params string[] arguments)
    {
        string[] command =
            Environment.UserName == "root"
                ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", Path.Combine(Programs, program), .. arguments]
                : [Path.Combine(Programs, program), .. arguments];
        return new(
            Cli.Wrap(command[0])
                .WithArguments(command[1..])
                .WithWorkingDirectory(_folder)
                .WithEnvironmentVariables(environment => environment.Set("LC_ALL", "C.UTF-8"))
        );
    }
}
