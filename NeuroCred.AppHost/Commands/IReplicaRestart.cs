namespace NeuroCred.AppHost.Commands;

/// <summary>Restarts one replica.</summary>
internal interface IReplicaRestart
{
    /// <summary>Whether a replica runs, or is about to. One that a user stopped, or that has just ended, does not.</summary>
    bool IsMeantToRun(string replica);

    /// <summary>Restarts a replica, and returns once it is healthy and ready again.</summary>
    /// <returns>What went wrong, or null.</returns>
    Task<string?> RestartAsync(string replica, CancellationToken cancellationToken);

    /// <summary>Waits until the gateway uses a replica again that is back.</summary>
    Task WaitUntilUsedAsync(string replica, CancellationToken cancellationToken);
}
