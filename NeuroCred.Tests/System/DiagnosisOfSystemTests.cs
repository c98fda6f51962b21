using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using NeuroCred.Benchmarks.Cost;
using Npgsql;
using StackExchange.Redis;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>What is wrong with the system itself: its own replicas, Postgres and Redis, and nobody who mends it meanwhile.</summary>
[Collection(DiagnosedSystem.Name)]
public sealed class DiagnosisOfSystemTests(DiagnosedSystem system, ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Why_a_replica_gets_no_traffic_or_less_is_told()
    {
        using var diagnosis = system.Watch(output);
        await using var load = DiagnosisLoad.Reading(system.Gateway, 50, system.ScorePath);
        await diagnosis.BecomesAsync();

        await system.ExecuteAsync("api-3", KnownResourceCommands.StopCommand);
        await diagnosis.BecomesAsync("no-traffic/refused api-3");

        await system.ExecuteAsync("api-3", KnownResourceCommands.StartCommand);
        await system.ExecuteAsync("api-2", "drain");
        await diagnosis.BecomesAsync("no-traffic/drained api-2");
        await system.ExecuteAsync("api-2", "resume");

        // Nobody else takes them, and a moment later everybody serves.
        await using (var sockets = new LiveClients())
        {
            await Task.WhenAll(system.ExecuteAsync("api-1", "drain"), system.ExecuteAsync("api-3", "drain"));
            await sockets.OpenAsync(system.Gateway, 25, _ => system.Wallet, Cancellation);
            await Task.WhenAll(system.ExecuteAsync("api-1", "resume"), system.ExecuteAsync("api-3", "resume"));
            await diagnosis.BecomesAsync("uneven/long-connections api-2");
        }

        await diagnosis.BecomesAsync();
    }

    [Fact]
    public async Task High_latency_is_told_with_the_dependency_that_takes_the_time()
    {
        using var diagnosis = system.Watch(output);
        await diagnosis.BecomesAsync();
        var writes = new Workload($"diagnosis {Guid.NewGuid():N}", system.Wallet);
        await using (await system.SlowWritesAsync(TimeSpan.FromMilliseconds(100)))
        {
            await using (DiagnosisLoad.AtRate(system.Gateway, 15, i => writes.NextWrite(2 * i)))
            {
                await diagnosis.BecomesAsync("latency/slow-sql");
            }

            await using (DiagnosisLoad.OfClients(system.Gateway, 36, i => writes.NextWrite(1_000_000 + (2 * i))))
            {
                await diagnosis.BecomesAsync("latency/pool-waits");
            }
        }

        await using var load = DiagnosisLoad.Reading(system.Gateway, 50, system.ScorePath);
        await diagnosis.BecomesAsync();

        // What a miss costs on this machine is hardly noticed.
        await using (system.EmptyingCache())
        await using (await system.SlowReadsAsync(TimeSpan.FromMilliseconds(80)))
        {
            await diagnosis.BecomesAsync("latency/cache-misses");
        }

        await using (system.PausingRedis())
        {
            await diagnosis.BecomesAsync("latency/redis-slow");
        }

        await diagnosis.BecomesAsync();
    }

    [Fact]
    public async Task A_database_that_is_gone_is_told_as_what_all_replicas_share()
    {
        using var diagnosis = system.Watch(output);
        var workload = new Workload($"shared {Guid.NewGuid():N}", system.Wallet);
        await using var load = DiagnosisLoad.AtRate(system.Gateway, 20, workload.Next);
        await diagnosis.BecomesAsync();

        await system.ExecuteAsync("postgres", KnownResourceCommands.StopCommand);
        await diagnosis.BecomesAsync("shared-dependency");

        await system.ExecuteAsync("postgres", KnownResourceCommands.StartCommand);
        await diagnosis.BecomesAsync();
    }
}

/// <summary>The whole system, unsupervised, with small pools and a monitor that looks at short windows.</summary>
public sealed class DiagnosedSystem : IAsyncLifetime
{
    /// <summary>The name of the collection of the tests that share it. Nothing runs beside them, since they measure.</summary>
    public const string Name = "The diagnosed system";

    private static readonly TimeSpan s_startTimeout = TimeSpan.FromSeconds(90);
    private DistributedApplication? _application;

    /// <summary>A wallet with a score.</summary>
    internal string Wallet { get; private set; } = "";

    /// <summary>Where its score is.</summary>
    internal string ScorePath => $"/api/score/{Wallet}";

    /// <summary>The gateway's address.</summary>
    internal Uri Gateway => Application.GetEndpoint("gateway", "http");

    private DistributedApplication Application => _application ?? throw new InvalidOperationException("The system is not started.");

    public async ValueTask InitializeAsync()
    {
        using var timeout = new CancellationTokenSource(s_startTimeout);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.NeuroCred_AppHost>(
            [
                "--Gateway:Port=0", "--Gateway:HttpsPort=0", "--Api:BasePort=0", "--Monitor:Port=0", $"--Parameters:apikey={RunningSystem.ApiKey}", "--Supervisor:Enabled=false",
                "--Balancing:Health:Readiness:Interval=1s", "--Balancing:Health:Readiness:Timeout=1s",
            ],
            timeout.Token);
        ThrowAwayData.Use(builder);
        foreach (var project in builder.Resources.OfType<ProjectResource>())
        {
            builder.CreateResourceBuilder(project)
                .WithEnvironment("Postgres__PoolSize", "3").WithEnvironment("Monitor__Window", "2s").WithEnvironment("Monitor__LatencyObjective", "50ms");
        }

        _application = await builder.BuildAsync(timeout.Token);
        await _application.StartAsync(timeout.Token);
        foreach (var name in RunningSystem.Replicas.Append("gateway"))
        {
            await _application.ResourceNotifications.WaitForResourceHealthyAsync(name, timeout.Token);
        }

        // What is compiled while it is measured would be told as latency.
        using var http = new HttpClient { BaseAddress = Gateway, Timeout = TimeSpan.FromSeconds(15) };
        Wallet = await Workload.CreateScoredWalletAsync(Gateway, "diagnosed", timeout.Token);
        var workload = new Workload($"warm {Guid.NewGuid():N}", Wallet);
        for (var i = 0; i < 120; i++)
        {
            using var request = workload.Next(i).CreateRequest();
            using var response = await http.SendAsync(request, timeout.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is { } application)
        {
            await application.StopAsync();
            await application.DisposeAsync();
        }
    }

    /// <summary>Reads the diagnosis.</summary>
    internal DiagnosisWatch Watch(ITestOutputHelper output) => new(Application.GetEndpoint("monitor", "http"), output);

    /// <summary>Does to a resource what a button on the dashboard does.</summary>
    internal async Task ExecuteAsync(string resourceName, string command)
    {
        var result = await Application.ResourceCommands.ExecuteCommandAsync(resourceName, command);
        Assert.True(result.Success, $"{command} of {resourceName}: {result.Message}");
    }

    /// <summary>Has each statement that stores something take longer, until disposed.</summary>
    internal async Task<IAsyncDisposable> SlowWritesAsync(TimeSpan time)
    {
        string[] tables = ["wallet_transactions", "score_history"];
        await RunSqlAsync(string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep({time.TotalSeconds}); RETURN NULL; END $$"));
        foreach (var table in tables)
        {
            await RunSqlAsync($"CREATE TRIGGER slow BEFORE INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION be_slow()");
        }

        return new Undo(() => RunSqlAsync("DROP FUNCTION be_slow CASCADE"));
    }

    /// <summary>Has each read of a score from Postgres take longer, until disposed.</summary>
    internal async Task<IAsyncDisposable> SlowReadsAsync(TimeSpan time)
    {
        await RunSqlAsync(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"""
            ALTER TABLE score_history RENAME TO fast_score_history;
            CREATE VIEW score_history AS SELECT h.* FROM (SELECT pg_sleep({time.TotalSeconds}) OFFSET 0) AS slow, fast_score_history AS h
            """));
        return new Undo(() => RunSqlAsync("DROP VIEW score_history; ALTER TABLE fast_score_history RENAME TO score_history"));
    }

    /// <summary>Empties Redis again and again, until disposed.</summary>
    internal IAsyncDisposable EmptyingCache() => Again("FLUSHALL", [], TimeSpan.FromMilliseconds(10));

    /// <summary>Has Redis answer nobody most of the time, each time for less than a replica waits for it, until disposed.</summary>
    internal IAsyncDisposable PausingRedis() => Again("CLIENT", ["PAUSE", "90"], TimeSpan.FromMilliseconds(100));

    private async Task RunSqlAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(await Application.GetConnectionStringAsync("neurocred"));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private Undo Again(string command, object[] arguments, TimeSpan interval)
    {
        var stop = new CancellationTokenSource();
        var running = Task.Run(
            async () =>
            {
                await using var redis = await ConnectionMultiplexer.ConnectAsync($"{await Application.GetConnectionStringAsync("redis")},allowAdmin=true");
                while (!stop.IsCancellationRequested)
                {
                    await redis.GetDatabase().ExecuteAsync(command, arguments);
                    await Task.Delay(interval);
                }
            },
            CancellationToken.None);
        return new(async () =>
        {
            await stop.CancelAsync();
            await running;
            stop.Dispose();
        });
    }

    private sealed class Undo(Func<Task> undo) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await undo();
    }
}

/// <summary>The tests that share the diagnosed system.</summary>
[CollectionDefinition(DiagnosedSystem.Name, DisableParallelization = true)]
public sealed class SharedDiagnosedSystem : ICollectionFixture<DiagnosedSystem>;
