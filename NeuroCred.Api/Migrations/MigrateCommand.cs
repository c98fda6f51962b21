using System.Globalization;
using Npgsql;
using NeuroCred.Api.Configuration;
using NeuroCred.Api.Postgres;
using NeuroCred.ServiceDefaults.Configuration;

namespace NeuroCred.Api.Migrations;

/// <summary>
/// The verb <c>migrate</c>: applies the migrations and exits with 0, or says why not and exits with 1. Postgres, or its database, may
/// still be starting: it is tried again until <c>Migrations:DeadlineSeconds</c> (default 60) have passed.
/// </summary>
internal sealed partial class MigrateCommand(IConfiguration configuration, ILoggerFactory loggers, TimeProvider time)
{
    public const string Verb = "migrate";
    private const string DeadlineKey = "Migrations:DeadlineSeconds";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly ILogger _logger = loggers.CreateLogger<MigrateCommand>();

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        List<string> errors = [];
        var connectionString = ApiOptionsReader.ReadDatabase(configuration, errors);
        var deadline = ReadDeadline(errors);
        if (errors.Count > 0)
        {
            LogInvalid(_logger, new InvalidConfigurationException(errors).Message);
            return 1;
        }
        await using var source = NpgsqlDataSource.Create(connectionString!);
        var migrator = new Migrator(source, MigrationScript.Embedded(), loggers.CreateLogger<Migrator>());
        var started = time.GetTimestamp();
        string? waitingFor = null;
        while (true)
        {
            try
            {
                var applied = await migrator.ApplyAsync(cancellationToken);
                LogDone(_logger, applied, time.GetElapsedTime(started).TotalMilliseconds);
                return 0;
            }
            catch (Exception e) when (MayPass(e) && time.GetElapsedTime(started) < deadline)
            {
                if (waitingFor != (waitingFor = DatabaseFaults.Describe(e)))
                {
                    LogWaiting(_logger, waitingFor);
                }
                await Task.Delay(Pause, time, cancellationToken);
            }
            catch (Exception e) when (e is NpgsqlException or MigrationChangedException or TimeoutException)
            {
                LogFailed(_logger, time.GetElapsedTime(started).TotalSeconds, DatabaseFaults.Describe(e));
                return 1;
            }
            catch (OperationCanceledException)
            {
                LogFailed(_logger, time.GetElapsedTime(started).TotalSeconds, "told to stop; nothing was changed");
                return 1;
            }
        }
    }

    private TimeSpan ReadDeadline(List<string> errors)
    {
        var given = configuration[DeadlineKey] ?? "60";
        if (int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return TimeSpan.FromSeconds(seconds);
        }
        errors.Add($"{DeadlineKey} is '{given}'. Set it to a whole number of seconds, or remove it for the default of 60.");
        return default;
    }

    // A wrong password (28xxx) stays wrong; an absent server or database may be about to come.
    private static bool MayPass(Exception e) =>
        DatabaseFaults.IsUnavailable(e) && e is not PostgresException { SqlState: ['2', '8', ..] };

    [LoggerMessage(Level = LogLevel.Information, Message = "The schema is up to date: {Applied} migrations applied in {Milliseconds:0} ms")]
    private static partial void LogDone(ILogger logger, int applied, double milliseconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Waiting for the database: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The migration failed after {Seconds:0.0} s, and changed nothing: {Reason}")]
    private static partial void LogFailed(ILogger logger, double seconds, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Errors}")]
    private static partial void LogInvalid(ILogger logger, string errors);
}
