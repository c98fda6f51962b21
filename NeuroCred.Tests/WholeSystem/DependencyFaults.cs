using Aspire.Hosting;
using Aspire.Hosting.Testing;
using NeuroCred.Tests.Api.Postgres;
using Npgsql;
using StackExchange.Redis;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>Makes what the replicas depend on slow, or of little use, without ending it.</summary>
internal sealed class DependencyFaults(DistributedApplication application)
{
    /// <summary>Has each statement that stores something take longer, until disposed.</summary>
    public async Task<IAsyncDisposable> SlowWritesAsync(TimeSpan time)
    {
        string[] tables = ["wallet_transactions", "score_history"];
        await RunSqlAsync(
            $"CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep({time.TotalSeconds}); RETURN "
                + "NULL; END $$"
        );
        foreach (var table in tables)
        {
            await RunSqlAsync($"CREATE TRIGGER slow BEFORE INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION be_slow()");
        }

        return new Undo(() => RunSqlAsync("DROP FUNCTION be_slow CASCADE"));
    }

    /// <summary>Has each read of a score from Postgres take longer, until disposed.</summary>
    public async Task<IAsyncDisposable> SlowReadsAsync(TimeSpan time)
    {
        await RunSqlAsync(
            $"""
            ALTER TABLE score_history RENAME TO fast_score_history;
            CREATE VIEW score_history AS SELECT h.* FROM (SELECT pg_sleep({time.TotalSeconds}) OFFSET 0) AS slow, fast_score_history AS h;
            GRANT SELECT ON score_history TO PUBLIC
            """
        );
        return new Undo(() => RunSqlAsync("DROP VIEW score_history; ALTER TABLE fast_score_history RENAME TO score_history"));
    }

    /// <summary>Empties Redis again and again, until disposed.</summary>
    public IAsyncDisposable EmptyingCache() => Again("FLUSHALL", [], TimeSpan.FromMilliseconds(10));

    /// <summary>Has Redis answer nobody most of the time, each time for less than a replica waits for it, until disposed.</summary>
    public IAsyncDisposable PausingRedis() => Again("CLIENT", ["PAUSE", "90"], TimeSpan.FromMilliseconds(100));

    private async Task RunSqlAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create((await application.GetConnectionStringAsync("neurocred"))!);
        await source.ExecuteAsync(sql);
    }

    private Undo Again(string command, object[] arguments, TimeSpan interval)
    {
        var stop = new CancellationTokenSource();
        var running = Task.Run(
            async () =>
            {
                await using var redis = await ConnectionMultiplexer.ConnectAsync(
                    $"{await application.GetConnectionStringAsync("redis")},allowAdmin=true"
                );
                while (!stop.IsCancellationRequested)
                {
                    await redis.GetDatabase().ExecuteAsync(command, arguments);
                    await Task.Delay(interval);
                }
            },
            CancellationToken.None
        );
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
