using System.Diagnostics;
using System.IO.Compression;
using Aspire.Hosting.Processes.StandIns;
using Npgsql;

namespace Aspire.Hosting.Processes.Tests.StandIns;

/// <summary>The postgres image, run as a process.</summary>
public sealed class PostgresStandInTests : IClassFixture<InitializedVolume>, IDisposable
{
    private const string Data = "/var/lib/postgresql/data";

    private readonly TestContainer _postgres = new("postgres", 5432);
    private readonly InitializedVolume _initialized;

    public PostgresStandInTests(InitializedVolume initialized)
    {
        _initialized = initialized;
        _postgres.Launch = _postgres.Launch with { Environment = InitializedVolume.Environment };
    }

    public void Dispose() => _postgres.Dispose();

    [Fact]
    [Trait(OrdinaryUserTests.Also, OrdinaryUserTests.Name)]
    public async Task User_password_database_and_arguments_are_as_the_container_says()
    {
        _postgres.Launch = _postgres.Launch with { Arguments = ["-c", "max_connections=42"] };
        var began = Stopwatch.GetTimestamp();
        await using var running = await _postgres.StartAsync();
        Assert.Equal(
            "42 UTF8 Etc/UTC",
            await AskAsync(
                "select current_setting('max_connections') || ' ' || current_setting('server_encoding') || ' ' || "
                    + "current_setting('timezone')"
            )
        );
        TestContext.Current.SendDiagnosticMessage($"first start: {Stopwatch.GetElapsedTime(began)}");

        var denied = await Assert.ThrowsAsync<PostgresException>(() => AskAsync("select 'x'", password: "wrong"));
        Assert.Equal("28P01", denied.SqlState);

        Assert.Equal(0, await running.StopAsync());
        await _postgres.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Clients_that_stay_connected_do_not_delay_the_end()
    {
        UseInitializedVolume();
        await using var running = await _postgres.StartAsync();
        await AskAsync("select 'x'");
        await using NpgsqlConnection connection = new(ConnectionString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, await running.StopAsync());
        Assert.DoesNotContain("did not end within", running.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Data)]
    [InlineData("/var/lib/postgresql")]
    public async Task Data_in_a_volume_survives_and_hooks_run_only_once(string target)
    {
        _postgres.Mount("data", target);
        var hooks = Directory.CreateDirectory(_postgres.Mount("hooks", "/docker-entrypoint-initdb.d")).FullName;
        await File.WriteAllTextAsync(Path.Combine(hooks, "1.sql"), "create table t (v text);", TestContext.Current.CancellationToken);
        await using (GZipStream zip = new(File.Create(Path.Combine(hooks, "2.sql.gz")), CompressionLevel.Fastest))
        {
            await zip.WriteAsync("insert into t values ('sql.gz');"u8.ToArray(), TestContext.Current.CancellationToken);
        }

        await File.WriteAllTextAsync(
            Path.Combine(hooks, "3.sh"),
            "#!/bin/bash\npsql -v ON_ERROR_STOP=1 --username \"$POSTGRES_USER\" --dbname \"$POSTGRES_DB\" <<-EOSQL\n\tinsert into t "
                + "values ('sh');\nEOSQL\n",
            TestContext.Current.CancellationToken
        );

        await using (var first = await _postgres.StartAsync())
        {
            Assert.Equal("sh,sql.gz", await AskAsync("select string_agg(v, ',' order by v) from t", first));
            await AskAsync("insert into t values ('later') returning v");
        }

        var began = Stopwatch.GetTimestamp();
        await using var again = await _postgres.StartAsync();
        Assert.Equal("later,sh,sql.gz", await AskAsync("select string_agg(v, ',' order by v) from t", again));
        TestContext.Current.SendDiagnosticMessage($"later start: {Stopwatch.GetElapsedTime(began)}");
        Assert.Equal("on", await AskAsync("show fsync"));
    }

    [Fact]
    public async Task A_failed_hook_says_so_and_the_next_start_begins_anew()
    {
        _postgres.Mount("data", Data);
        _postgres.AddFile("/docker-entrypoint-initdb.d/1.sql", "create table t (v text); select broken;");
        await using var running = await _postgres.StartAsync();
        Assert.NotEqual(0, await running.WaitForExitAsync());
        Assert.Contains("column \"broken\" does not exist", running.Output, StringComparison.Ordinal);
        await _postgres.NothingIsLeftAsync();

        _postgres.Launch = _postgres.Launch with { Files = [] };
        await using var again = await _postgres.StartAsync();
        Assert.Equal("0", await AskAsync("select count(*)::text from pg_tables where tablename = 't'", again));
    }

    [Fact]
    public async Task A_first_start_that_is_killed_half_way_does_not_poison_the_next()
    {
        _postgres.Mount("data", Data);
        await using var running = await _postgres.StartAsync();
        await Eventually.HoldsAsync(() => Directory.Exists(_postgres.Volume("data/.initializing/base")), "initdb's beginning");
        Running.Signals.Send(running.Id, "KILL");
        await _postgres.NothingIsLeftAsync();

        await using var again = await _postgres.StartAsync();
        Assert.Equal("scores", await AskAsync("select current_database()::text", again));
        Assert.False(Directory.Exists(_postgres.Volume("data/.initializing")));
    }

    [Fact]
    public async Task A_stop_during_the_first_start_is_obeyed()
    {
        await using var running = await _postgres.StartAsync();
        await Eventually.HoldsAsync(
            () => Directory.Exists(Path.Combine(_postgres.Folder, "data/.initializing/base")),
            "initdb's beginning"
        );
        await running.StopAsync();
        await _postgres.NothingIsLeftAsync();
    }

    [Fact]
    [Trait(OrdinaryUserTests.Also, OrdinaryUserTests.Name)]
    public async Task A_killed_postmaster_leaves_no_busy_backend_and_no_acknowledged_write_is_lost()
    {
        UseInitializedVolume();
        await using var running = await _postgres.StartAsync();
        await AskAsync("create table t (v text); insert into t values ('acknowledged') returning v");

        // A loop that never looks at its postmaster.
        await using NpgsqlConnection busy = new(ConnectionString());
        await busy.OpenAsync(TestContext.Current.CancellationToken);
        await using NpgsqlCommand loop = new("do $$ declare i bigint := 0; begin loop i := i + 1; end loop; end $$", busy);
        var ended = loop.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(
            async () => await AskAsync("select count(*)::text from pg_stat_activity where query like 'do $$%' and state = 'active'") == "1",
            "The loop"
        );

        Running.Signals.Send(running.Service, "KILL");
        Assert.Equal(137, await running.WaitForExitAsync());
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ended);

        await using var again = await _postgres.StartAsync();
        Assert.Equal("acknowledged", await AskAsync("select v from t", again));
    }

    [Fact]
    public async Task Nothing_outlives_a_supervisor_that_is_killed_and_the_data_can_be_used_at_once()
    {
        UseInitializedVolume();
        await using var running = await _postgres.StartAsync();
        await AskAsync("create table t (v text); insert into t values ('kept') returning v");
        Running.Signals.Send(running.Id, "KILL");

        await using var again = await _postgres.StartAsync();
        Assert.Equal("kept", await AskAsync("select v from t", again));
        await again.StopAsync();
        await _postgres.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Data_that_another_server_uses_is_not_touched()
    {
        UseInitializedVolume();
        await using var first = await _postgres.StartAsync();
        await AskAsync("select 'x'");

        _postgres.Launch = _postgres.Launch with { Ports = [new ContainerPort(5432, LoopbackPort.Free(), "127.0.0.1")] };
        await using var second = await _postgres.StartAsync();
        Assert.Equal(1, await second.WaitForExitAsync());
        Assert.Contains("is in use by another server", second.Output, StringComparison.Ordinal);
        Assert.Equal("y", await AskAsync("select 'y'"));
    }

    [Fact]
    public async Task Data_of_a_version_that_is_not_installed_is_refused_with_both_versions_and_the_fix()
    {
        var data = Directory.CreateDirectory(_postgres.Mount("data", Data)).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "PG_VERSION"), "9\n", TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(_postgres.StartAsync);
        Assert.Matches(@"made by PostgreSQL 9, and this machine has PostgreSQL \d+.*postgresql-9", failure.Message);
    }

    [Fact]
    public async Task A_missing_password_is_refused()
    {
        _postgres.Launch = _postgres.Launch with { Environment = new Dictionary<string, string>() };
        await using var running = await _postgres.StartAsync();
        Assert.Equal(1, await running.WaitForExitAsync());
        Assert.Contains("POSTGRES_PASSWORD", running.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_folder_costs_the_sockets_only()
    {
        _postgres.AddFile("/docker-entrypoint-initdb.d/1.sh", "psql -d \"$POSTGRES_DB\" -c 'create table t as select 7 as v'");
        var container = _postgres.Next();
        container = container with { Folder = Directory.CreateDirectory(Path.Combine(container.Folder, new string('x', 120))).FullName };
        await using var running = await RunningStandIn.StartAsync(container);
        Assert.Equal("7", await AskAsync("select v::text from t", running));
    }

    private void UseInitializedVolume()
    {
        _initialized.CopyTo(_postgres.Volume("data"));
        _postgres.Mount("data", Data);
    }

    private string ConnectionString(string password = "it's secret") =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = _postgres.Port,
            Username = "app",
            Password = password,
            Database = "scores",
            Pooling = false,
            Timeout = 30,
        }.ConnectionString;

    private async Task<string?> AskAsync(string sql, RunningStandIn? running = null, string password = "it's secret")
    {
        string? answer = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    await using NpgsqlConnection connection = new(ConnectionString(password));
                    await connection.OpenAsync(TestContext.Current.CancellationToken);
                    await using NpgsqlCommand command = new(sql, connection);
                    answer = (string?)await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
                    return true;
                }
                catch (NpgsqlException exception)
                    when (exception is not PostgresException || exception.SqlState == PostgresErrorCodes.CannotConnectNow)
                {
                    return false;
                }
            },
            "Postgres answering",
            () => running?.Output ?? ""
        );
        return answer;
    }
}
