namespace NeuroCred.AppHost.Commands;

/// <summary>Restarts replicas one at a time, each only when the one before serves again, so that clients notice nothing.</summary>
/// <param name="replicas">The replicas' names.</param>
internal sealed class RollingRestart(IReadOnlyList<string> replicas)
{
    private int _isRunning;

    /// <summary>Restarts them.</summary>
    /// <param name="restart">Restarts one of them.</param>
    /// <param name="report">Told of the progress.</param>
    /// <param name="cancellationToken">Ends it. A replica whose restart has begun comes back all the same.</param>
    internal async Task<ExecuteCommandResult> RunAsync(IReplicaRestart restart, Action<string> report, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isRunning, 1) == 1)
        {
            return CommandResults.Failure("A rolling restart is under way. Wait until it has ended; the gateway's log shows its progress.");
        }

        try
        {
            return await RestartAllAsync(restart, report, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            report("Rolling restart: cancelled.");
            return CommandResults.Canceled();
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    private async Task<ExecuteCommandResult> RestartAllAsync(
        IReplicaRestart restart,
        Action<string> report,
        CancellationToken cancellationToken
    )
    {
        var restarted = new List<string>();
        var skipped = new List<string>();
        for (var i = 0; i < replicas.Count; i++)
        {
            var (replica, step) = (replicas[i], $"Rolling restart {i + 1}/{replicas.Count}: {replicas[i]}");
            if (!restart.IsMeantToRun(replica))
            {
                report($"{step} does not run, and is left alone.");
                skipped.Add(replica);
                continue;
            }

            if (restarted.Count > 0)
            {
                await restart.WaitUntilUsedAsync(restarted[^1], cancellationToken);
            }

            report($"{step} ...");
            if (await restart.RestartAsync(replica, cancellationToken) is { } problem)
            {
                var failure =
                    $"{step}: {problem} The replicas after it were not restarted: mend this one, then start the rolling restart "
                    + "again.";
                report(failure);
                return CommandResults.Failure(failure);
            }

            report($"{step} serves again.");
            restarted.Add(replica);
        }

        var result =
            restarted.Count == 0 ? "No replica runs: none was restarted."
            : skipped.Count == 0 ? $"Restarted {string.Join(", ", restarted)}."
            : $"Restarted {string.Join(", ", restarted)}. Left alone, because they do not run: {string.Join(", ", skipped)}.";
        report($"Rolling restart: {result}");
        return restarted.Count == 0 ? CommandResults.Failure(result) : CommandResults.Success(result);
    }
}
