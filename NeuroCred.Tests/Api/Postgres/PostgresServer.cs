using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using NeuroCred.Api.Migrations;
using NeuroCred.AppHost.Processes;
using NeuroCred.Tests.Processes;
using NeuroCred.Tests.WholeSystem;
using Npgsql;

namespace NeuroCred.Tests.Api.Postgres;

/// <summary>A PostgreSQL of this machine's programs, on a free port, with the schema and throw-away data.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly UnixSignal s_fastShutdown = new(2);
    private static readonly UnixSignal s_kill = new(9);

    private readonly string _folder = Directory.CreateTempSubdirectory("neurocred-postgres-").FullName;
    private readonly string _programs = Directory.GetDirectories("/usr/lib/postgresql").Order().Last() + "/bin";
    private Process? _server;

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; } = FreePort();

    /// <summary>How a superuser connects, without a pool.</summary>
    public string ConnectionString => ConnectionStringOn(Port);

    /// <summary>The same, by another port that leads to the server.</summary>
    public static string ConnectionStringOn(int port) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Pooling=false");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await CreateAsync("initdb", "--username=postgres", "--auth=trust", "--no-sync", "--pgdata=data");
        await StartAsync();
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await new Migrator(source, MigrationScript.Embedded(), NullLogger<Migrator>.Instance).ApplyAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>
    /// Starts a standby of it, and has it acknowledge no commit that the standby has not stored. The standby itself, once it is promoted, wants none: whoever promotes
    /// a standby sets it up like that, or no write would ever succeed again.
    /// </summary>
    public async Task<PostgresServer> StartSynchronousStandbyAsync()
    {
        var standby = new PostgresServer();
        var connection = string.Create(CultureInfo.InvariantCulture, $"host=127.0.0.1 port={Port} user=postgres application_name=standby");
        await standby.CreateAsync("pg_basebackup", "--dbname", connection, "--pgdata=data", "--write-recovery-conf", "--checkpoint=fast", "--no-sync");
        await standby.StartAsync();
        await RunAsync("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        await RunAsync("SELECT pg_reload_conf()");
        await Until.HoldsAsync(
            async () => await RunAsync("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'") is 1L, s_patience, () => "The standby does not follow.");
        return standby;
    }

    /// <summary>Makes a primary of a standby.</summary>
    public async Task PromoteAsync() => Assert.True(await RunAsync("SELECT pg_promote()") is true);

    /// <summary>Kills all its processes at once, as a machine that fails does.</summary>
    public async Task KillAsync()
    {
        Signal(s_kill);
        await _server!.WaitForExitAsync();
        _server.Dispose();
        _server = null;
    }

    /// <summary>Starts it, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        _server = Start("postgres", "-D", "data", "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-k", _folder, "-c", "fsync=off");
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            try
            {
                await RunAsync("SELECT 1");
                return;
            }
            catch (NpgsqlException) when (waited.Elapsed < s_patience)
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
            s_fastShutdown.SendTo(server.Id);
            await server.WaitForExitAsync();
            server.Dispose();
            _server = null;
        }
    }

    /// <summary>Stops all its processes with SIGSTOP: connections are made by the kernel, and nothing answers.</summary>
    public void Freeze() => Signal(UnixSignal.Stop);

    /// <summary>Has them go on.</summary>
    public void Thaw() => Signal(UnixSignal.Continue);

    private void Signal(UnixSignal signal)
    {
        var descendants = ProcessTree.GetDescendants(_server!.Id).ToList();
        signal.SendTo(_server.Id);
        foreach (var process in descendants)
        {
            signal.SendTo(process);
        }
    }

    /// <summary>Runs a statement on a connection of its own.</summary>
    public async Task<object?> RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private async Task CreateAsync(string program, params string[] arguments)
    {
        if (Environment.UserName == "root")
        {
            var (code, output) = await Tool.RunAsync("chown", "/", new Dictionary<string, string>(), "postgres:postgres", _folder);
            Assert.True(code == 0, output);
        }

        using var creation = Start(program, arguments);
        await creation.WaitForExitAsync();
        Assert.Equal(0, creation.ExitCode);
    }

    // Postgres refuses to run as root. setpriv becomes the program, so that its process is the server's.
    private Process Start(string program, params string[] arguments)
    {
        string[] command = Environment.UserName == "root"
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", Path.Combine(_programs, program), .. arguments]
            : [Path.Combine(_programs, program), .. arguments];
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C.UTF-8" },
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
