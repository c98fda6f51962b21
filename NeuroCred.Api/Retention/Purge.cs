using NeuroCred.Api.Configuration;
using NeuroCred.Api.Postgres;
using NeuroCred.Api.Telemetry;
using NeuroCred.Api.Wallets;
using Npgsql;

namespace NeuroCred.Api.Retention;

/// <summary>
/// Deletes in the background what is not kept any more: expired idempotency keys each minute, transactions and scores by
/// <see cref="RetentionOptions"/>. One replica at a time deletes, in short transactions with pauses between them.
/// </summary>
internal sealed partial class Purge(Database database, RetentionOptions options, TimeProvider time, ILogger<Purge> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private DateTimeOffset? _scoresDeletedBefore;

    /// <summary>Deletes all that is not kept any more; what another replica deletes now is left to it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // A little later than requests are refused for it: a clock that is behind takes no transaction of a day that is deleted already.
        var now = time.GetUtcNow() - TransactionFields.ClockSkew;
        await PurgeKeysAsync(now, cancellationToken);
        if (options.TransactionDays > 0)
        {
            await PurgeTransactionsAsync(DateOnly.FromDateTime(options.EarliestTransaction(now).UtcDateTime), cancellationToken);
        }
        if (options.EarliestScore(now) is { } earliest && earliest != _scoresDeletedBefore)
        {
            await PurgeScoresAsync(earliest, cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Interval, time, stoppingToken);
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or DatabaseUnreachableException)
            {
                LogFailed(logger, DatabaseFaults.Describe(e));
            }
        }
    }

    private async Task PurgeKeysAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var deleted = 0;
        while (await RunLockedAsync(connection => ExpiredRows.DeleteKeysAsync(connection, now)) is > 0 and var some)
        {
            deleted += Count("idempotency_keys", some);
            if (some < ExpiredRows.BatchSize)
            {
                break;
            }
            await Task.Delay(Pause, time, cancellationToken);
        }
        Log("idempotency keys", deleted, now);
    }

    private async Task PurgeTransactionsAsync(DateOnly before, CancellationToken cancellationToken)
    {
        var deleted = 0;
        while (await RunLockedAsync(connection => ExpiredRows.DeleteTransactionsAsync(connection, before)) is > 0 and var some)
        {
            deleted += Count("transactions", some);
            await Task.Delay(Pause, time, cancellationToken);
        }
        Log("transactions", deleted, new(before.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
    }

    // All scores before the time are read, also those that are kept: hence once a day.
    private async Task PurgeScoresAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var deleted = 0;
        for (long? next = 0; next is { } after; await Task.Delay(Pause, time, cancellationToken))
        {
            if (
                await RunLockedAsync<(int, long?)?>(async connection => await ExpiredRows.DeleteScoresAsync(connection, before, after))
                is not
                ({ } some, var following)
            )
            {
                return; // another replica deletes now; asked again in a minute
            }
            deleted += Count("score_history", some);
            next = following;
        }
        _scoresDeletedBefore = before;
        Log("scores", deleted, before);
    }

    /// <returns>What the work answers; nothing if another replica deletes now.</returns>
    private Task<T?> RunLockedAsync<T>(Func<NpgsqlConnection, Task<T>> work) =>
        database.RunAsync(
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync();
                if (!await ExpiredRows.TryLockAsync(connection))
                {
                    return default;
                }
                var result = await work(connection);
                await transaction.CommitAsync();
                return result;
            },
            DatabaseDefaults.WriteLimit
        );

    private static int Count(string what, int deleted)
    {
        ApiTelemetry.CountPurged(what, deleted);
        return deleted;
    }

    private void Log(string what, int deleted, DateTimeOffset before)
    {
        if (deleted > 0)
        {
            LogPurged(logger, deleted, what, before.UtcDateTime);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleted {Count} {What} from before {Before:yyyy-MM-dd'T'HH:mm:ss'Z'}")]
    private static partial void LogPurged(ILogger logger, int count, string what, DateTime before);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is not kept any more could not be deleted, and is tried again: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
