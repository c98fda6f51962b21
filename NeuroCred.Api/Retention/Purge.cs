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
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Deletes all that is not kept any more; what another replica deletes now is left to it, and a failure is logged.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // A little later than requests are refused for it: a clock that is behind takes no transaction of a day that is deleted already.
        var now = time.GetUtcNow() - TransactionFields.ClockSkew;
        await DeleteAsync("idempotency_keys", now, ExpiredRows.DeleteKeysAsync, cancellationToken);
        await DeleteAsync("transactions", options.EarliestTransaction(now), ExpiredRows.DeleteTransactionsAsync, cancellationToken);
        await DeleteAsync("score_history", options.EarliestScore(now), ExpiredRows.DeleteScoresAsync, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(s_interval, time, stoppingToken);
            await RunAsync(stoppingToken);
        }
    }

    private async Task DeleteAsync(
        string what,
        DateTimeOffset? earliest,
        Func<NpgsqlConnection, DateTimeOffset, Task<(int Deleted, bool GoesOn)>> deleteSome,
        CancellationToken cancellationToken
    )
    {
        if (earliest is not { } before)
        {
            return;
        }

        var deleted = 0;
        try
        {
            while (true)
            {
                var (some, goesOn) = await RunLockedAsync(connection => deleteSome(connection, before));
                ApiTelemetry.CountPurged(what, some);
                deleted += some;
                if (!goesOn)
                {
                    break;
                }

                await Task.Delay(s_pause, time, cancellationToken);
            }
        }
        // What left here would keep the others from being deleted, and then stop the replica.
        catch (Exception e) when (e is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, what, DatabaseFaults.Describe(e), DatabaseFaults.IsUnavailable(e) ? null : e);
        }

        if (deleted > 0)
        {
            LogPurged(logger, deleted, what, before.UtcDateTime);
        }
    }

    // Nothing, and no more, if another replica deletes now.
    private Task<(int Deleted, bool GoesOn)> RunLockedAsync(Func<NpgsqlConnection, Task<(int Deleted, bool GoesOn)>> work) =>
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleted {Count} rows of {What} from before {Before:yyyy-MM-dd'T'HH:mm:ss'Z'}")]
    private static partial void LogPurged(ILogger logger, int count, string what, DateTime before);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Expired rows of {What} could not be deleted, and are tried again: {Reason}")]
    private static partial void LogFailed(ILogger logger, string what, string reason, Exception? exception);
}
