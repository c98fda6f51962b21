using System.Runtime.InteropServices;
using NeuroCred.Api.Configuration;
using NeuroCred.Api.Postgres;
using NeuroCred.Settings;
using Npgsql;

namespace NeuroCred.Api.Migrations;

/// <summary>
/// The verb <c>migrate</c>: applies the migrations and exits with 0, or says why not and exits with 1. Postgres, or its database, may
/// still be starting, or another session hold a lock on a table that a step changes: it is tried again until the deadline
/// (<c>Migrations:DeadlineSeconds</c>, default 60 s, up to a day) has passed.
/// </summary>
internal sealed partial class MigrateCommand(
    string database,
    TimeSpan deadline,
    ILoggerFactory loggers,
    TimeProvider time,
    ServiceRole? role = null
)
{
    public const string Verb = "migrate";
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly ILogger _logger = loggers.CreateLogger<MigrateCommand>();

    /// <summary>Runs it with the program's configuration and logging, and without a server.</summary>
    public static async Task<int> RunAsync(WebApplicationBuilder builder, SettingsReader settings, string[] words)
    {
        if (words is [var word, ..])
        {
            await Console.Error.WriteLineAsync($"'{Verb}' takes no further argument, but got '{word}'. Settings begin with '--'.");
            return 2;
        }

        var database = ApiOptions.ReadOwnersDatabase(settings);
        var role = ServiceRole.Read(settings);
        var deadline = TimeSpan.FromSeconds(settings.Number("Migrations:DeadlineSeconds", 60, 0, 86_400, "a number of seconds"));
        if (settings.WriteErrors(Console.Error))
        {
            return 1;
        }

        using var stopping = new CancellationTokenSource();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopping.Cancel();
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        // Disposed before the process ends: the console logger writes in the background.
        using var loggers = LoggerFactory.Create(logging =>
            logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole()
        );
        return await new MigrateCommand(database, deadline, loggers, TimeProvider.System, role).RunAsync(stopping.Token);
    }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(database);
        var migrator = new Migrator(source, MigrationScript.Embedded(), loggers.CreateLogger<Migrator>(), role);
        var started = time.GetTimestamp();
        string? waitingFor = null;
        while (true)
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                var applied = await migrator.ApplyAsync(cancellationToken);
                LogDone(_logger, applied, time.GetElapsedTime(started).TotalMilliseconds);
                return 0;
            }
            catch (Exception e) when (MayPass(e) && time.GetElapsedTime(started) < deadline)
            {
                if (waitingFor != (waitingFor = Describe(e)))
                {
                    LogWaiting(_logger, waitingFor);
                }

                // A stop is told of where the loop begins again: here nothing would catch it.
                await Task.Delay(s_pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e) when (e is NpgsqlException or MigrationException or TimeoutException)
            {
                LogFailed(_logger, time.GetElapsedTime(started).TotalSeconds, Describe(e));
                return 1;
            }
            catch (OperationCanceledException)
            {
                LogFailed(_logger, time.GetElapsedTime(started).TotalSeconds, "told to stop; nothing was changed");
                return 1;
            }
        }
    }

    // A wrong password (28xxx) stays wrong; an absent server or database may be about to come.
    private static bool MayPass(Exception e) => DatabaseFaults.IsUnavailable(e) && e is not PostgresException { SqlState: ['2', '8', ..] };

    private static string Describe(Exception e) =>
        DatabaseFaults.IsLockTimeout(e)
            ? "another session, such as a dump or a long transaction, holds a lock on a table that the migration changes. Let it "
                + "end, or end "
                + $"it: pg_locks and pg_stat_activity tell which ({DatabaseFaults.Describe(e)})"
            : DatabaseFaults.Describe(e);

    [LoggerMessage(Level = LogLevel.Information, Message = "The schema is up to date: {Applied} migrations applied in {Milliseconds:0} ms")]
    private static partial void LogDone(ILogger logger, int applied, double milliseconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Waiting for the database: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The migration failed after {Seconds:0.0} s, and changed nothing: {Reason}")]
    private static partial void LogFailed(ILogger logger, double seconds, string reason);
}
