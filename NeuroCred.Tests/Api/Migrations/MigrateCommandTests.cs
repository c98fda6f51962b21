using Microsoft.Extensions.Logging;
using NeuroCred.Api.Migrations;
using NeuroCred.Tests.Api.Postgres;
using NeuroCred.Tests.Api.Wallets;

namespace NeuroCred.Tests.Api.Migrations;

/// <summary>The verb <c>migrate</c> on a database in use.</summary>
[StartsProcesses]
public sealed class MigrateCommandTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_migration_that_a_dump_is_in_the_way_of_says_so_lets_reads_pass_and_goes_on_after_it()
    {
        await using var database = await LedgerDatabase.CreateAsync(postgres, steps: 5);
        var log = new MessageLog(LogLevel.Information);
        await using var dump = await database.Source.OpenConnectionAsync(Cancellation);
        var transaction = await dump.BeginTransactionAsync(Cancellation);
        await dump.ExecuteAsync("SET LOCAL idle_in_transaction_session_timeout = 0; LOCK TABLE score_history IN ACCESS SHARE MODE");

        var migrating = MigrateAsync(database, s_patience, log);
        await using var reader = await database.Source.OpenConnectionAsync(Cancellation);
        await Until.HoldsAsync(
            async () =>
            {
                await reader.ExecuteAsync("SELECT count(*) FROM score_history"); // fails after the 1.9 s that a request waits for a lock
                return log.Messages.Any(message => message.StartsWith("Waiting for the database: another", StringComparison.Ordinal));
            },
            s_patience,
            () => $"The migration does not say what it waits for: {string.Join('\n', log.Messages)}"
        );
        Assert.False(migrating.IsCompleted);
        Assert.Equal(5L, await database.RunAsync("SELECT count(*) FROM schema_migrations"));
        await transaction.DisposeAsync();

        Assert.Equal(0, await migrating);
        Assert.Equal((long)MigrationScript.Embedded().Count, await database.RunAsync("SELECT count(*) FROM schema_migrations"));
    }

    [Fact]
    public async Task A_dump_that_outlasts_the_deadline_fails_the_migration_with_the_reason()
    {
        await using var database = await LedgerDatabase.CreateAsync(postgres, steps: 5);
        var log = new MessageLog(LogLevel.Error);
        await using var dump = await database.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await dump.BeginTransactionAsync(Cancellation);
        await dump.ExecuteAsync("SET LOCAL idle_in_transaction_session_timeout = 0; LOCK TABLE score_history IN ACCESS SHARE MODE");

        Assert.Equal(1, await MigrateAsync(database, TimeSpan.Zero, log));

        Assert.Contains("and changed nothing: another session", Assert.Single(log.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_migration_is_waited_for_however_long_it_takes()
    {
        await using var database = await LedgerDatabase.CreateAsync(postgres, steps: 5);
        await using var other = await database.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await other.BeginTransactionAsync(Cancellation);
        await other.ExecuteAsync($"SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_advisory_xact_lock({Migrator.LockKey})");

        var migrating = MigrateAsync(database, TimeSpan.Zero, new MessageLog(LogLevel.Error)); // an error would end it at once
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation); // longer than it waits for a table
        Assert.False(migrating.IsCompleted);
        await transaction.CommitAsync(Cancellation);

        Assert.Equal(0, await migrating);
    }

    [Fact]
    public async Task A_stop_while_it_waits_for_Postgres_ends_it_with_the_reason()
    {
        var log = new MessageLog(level: null);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var migrating = MigrateAsync("Host=127.0.0.1;Port=1", s_patience, log, stop.Token);
        await Until.HoldsAsync(
            () => log.Messages.Any(message => message.StartsWith("Waiting", StringComparison.Ordinal)),
            s_patience,
            () => "It does not wait."
        );

        await stop.CancelAsync();

        Assert.Equal(1, await migrating);
        Assert.Contains("told to stop", log.Messages.Last(), StringComparison.Ordinal);
    }

    private static Task<int> MigrateAsync(LedgerDatabase database, TimeSpan deadline, MessageLog log) =>
        MigrateAsync(database.ConnectionString, deadline, log, Cancellation);

    private static async Task<int> MigrateAsync(string database, TimeSpan deadline, MessageLog log, CancellationToken stop)
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        return await new MigrateCommand(database, deadline, loggers, TimeProvider.System).RunAsync(stop);
    }
}
